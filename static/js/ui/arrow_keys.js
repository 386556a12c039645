/** Arrow-key navigation in a grid. */

/** @typedef {{row: number, column: number}} Place */

/** Rows and columns; infinity is the edge. @type {Record<string, [number, number]>} */
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * @param {KeyboardEvent} event with Ctrl a step goes to the edge
 * @param {Place} from
 * @param {number} last row and column
 * @returns {Place | null} null: the key is for something else
 */
export function stepTo(event, from, last) {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.metaKey || event.shiftKey) return null;
  const far = event.ctrlKey ? last : 1;
  return { row: clamp(from.row + step[0] * far, last), column: clamp(from.column + step[1] * far, last) };
}

/**
 * @param {number} value
 * @param {number} last
 */
function clamp(value, last) {
  return Math.min(last, Math.max(0, value));
}

/**
 * Keep the arrow keys of a group of radio buttons from the page: they choose among the buttons.
 * @param {HTMLElement} group
 */
export function containArrowKeys(group) {
  group.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) event.stopPropagation();
  });
}
