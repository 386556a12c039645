/** Waiting for a time or for the next paint. */

/** @param {number} milliseconds @returns {Promise<void>} */
export const wait = (milliseconds) => new Promise((resolve) => window.setTimeout(resolve, milliseconds));

/** Resolve in the next frame, when the current state of the page is visible. @returns {Promise<void>} */
export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** Call `action` after the browser has painted the current state of the page. @param {() => void} action */
export function afterPaint(action) {
  // The browser paints after the callbacks of a frame. A timeout in the next frame therefore runs after the paint.
  requestAnimationFrame(() => requestAnimationFrame(() => window.setTimeout(action)));
}
