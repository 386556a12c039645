/** Plots on paper. They are drawn before the browser lays out the printed pages, whose size a script cannot know. */

/** Width of a plot that fits on A4 and letter paper with margins of up to 25 mm, px. */
export const PRINTED_WIDTH = 560;

/**
 * Keep the height of a frame, which otherwise depends on the height of the window, as that of its plot, or release it.
 * @param {HTMLElement} frame
 * @param {boolean} fixed
 */
export function fixHeight(frame, fixed) {
  const height = fixed ? `${frame.clientHeight}px` : "";
  Object.assign(frame.style, { height, maxHeight: fixed ? "none" : "", aspectRatio: fixed ? "auto" : "" });
}
