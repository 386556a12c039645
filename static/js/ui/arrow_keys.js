/** Keys that move the focus or the value: in a list, and in a grid. */
import { clamp } from "../core/numbers.js";

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
  const [row, column] = [from.row + step[0] * distance, from.column + step[1] * distance];
  return { row: clamp(row, 0, last), column: clamp(column, 0, last) };
}

/**
 * Return the position in a list that a key moves to; Home and End move to the first and the last position.
 * @param {KeyboardEvent} event
 * @param {number} from
 * @param {number} last last position; the first is 0
 * @param {{back: string[], forward: string[], wraps?: boolean}} keys
 *   `back` and `forward`: names of the keys that move by one position; `wraps`: true if the list continues at its start
 * @returns {number | null} null if the key does not move
 */
export function nextPosition(event, from, last, { back, forward, wraps = false }) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.key === "Home") return 0;
  if (event.key === "End") return last;
  const step = Number(forward.includes(event.key)) - Number(back.includes(event.key));
  if (step === 0) return null;
  return wraps ? (from + step + last + 1) % (last + 1) : clamp(from + step, 0, last);
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
