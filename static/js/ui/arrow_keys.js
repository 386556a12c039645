/** Arrow-key navigation in a grid. */

/** @typedef {{row: number, column: number}} Cell */

/**
 * Rows and columns by which each key moves; an infinite number leads to the edge.
 * @type {Record<string, [number, number]>}
 */
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * Return the cell that a key moves to; with Ctrl, an arrow key moves to the edge.
 * @param {KeyboardEvent} event
 * @param {Cell} from
 * @param {number} last index of the last row and of the last column
 * @returns {Cell | null} null if the key is not an arrow, Home or End
 */
export function nextCell(event, from, last) {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.metaKey || event.shiftKey) return null;
  const distance = event.ctrlKey ? last : 1;
  return { row: clamp(from.row + step[0] * distance, last), column: clamp(from.column + step[1] * distance, last) };
}

/**
 * @param {number} value
 * @param {number} last
 */
function clamp(value, last) {
  return Math.min(last, Math.max(0, value));
}

/**
 * Prevent arrow keys pressed in a group of radio buttons from triggering shortcuts of the page.
 * @param {HTMLElement} group
 */
export function containArrowKeys(group) {
  group.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) event.stopPropagation();
  });
}
