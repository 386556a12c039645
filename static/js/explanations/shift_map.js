/** Shift sensitivity: grid of the predictions for the image shifted by up to a few pixels in each direction. */
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { counted, probability } from "../core/format.js";
import { decodeBytes, drawGray } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../images/pixels.js").Shape} Shape
 */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class ShiftMap {
  /**
   * @param {HTMLElement} panel
   * @param {string[]} classNames
   * @param {(down: number, right: number) => void} onEdit
   */
  constructor(panel, classNames, onEdit) {
    this.panel = panel;
    this.classNames = classNames;
    this.shortNames = shortNames(classNames);
    /** @type {Explanation | null} */
    this.explanation = null;
    /** @type {HTMLElement[][]} */
    this.cells = [];
    /** Selected shift. @type {[down: number, right: number]} */
    this.shift = [0, 0];
    this.map = partOf(panel, "shift-map");
    this.preview = /** @type {HTMLCanvasElement} */ (partOf(panel, "shift-preview"));
    this.editButton = partOf(panel, "shift-edit");
    this.editButton.addEventListener("click", () => onEdit(...this.shift));
    this.map.addEventListener("keydown", (event) => this.#handleKey(event));
    this.map.addEventListener("mouseleave", () => this.#showFocused());
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.explanation = explanation;
    const { shifts, true_label } = explanation;
    if (this.cells.length !== shifts.predicted.length) this.#createGrid(shifts.predicted.length);
    let nCorrect = 0;
    shifts.predicted.forEach((row, i) => {
      row.forEach((label, j) => {
        const correct = label === true_label;
        nCorrect += Number(correct);
        this.#updateCell(this.cells[i][j], label, correct, this.#describeShift(i, j));
      });
    });
    const nShifts = shifts.predicted.length ** 2;
    const name = this.classNames[true_label];
    setText(
      partOf(this.panel, "shift-count"),
      `Predicted as ${name} at ${nCorrect} of ${counted(nShifts, "shift")} of up to ${shifts.reach} pixels.`,
    );
    this.#showShift(...this.shift);
  }

  /** Create the cells. @param {number} side number of cells in a row */
  #createGrid(side) {
    this.cells = Array.from({ length: side }, () => Array.from({ length: side }, () => this.#createCell()));
    const rows = this.cells.map((cells) => element("div", { className: "shift-row", role: "row" }, ...cells));
    this.map.replaceChildren(...rows);
    this.cells.forEach((cells, i) => {
      cells.forEach((cell, j) => {
        for (const event of ["mouseenter", "focus", "click"]) {
          cell.addEventListener(event, () => this.#showShift(i - this.reach, j - this.reach));
        }
      });
    });
    setAttribute(this.cells[this.reach][this.reach], "data-center", "true");
  }

  #createCell() {
    const label = element("span", { className: "shift-label" });
    const mark = element("span", { className: "shift-mark" });
    return element("div", { className: "shift-cell num", role: "gridcell", tabIndex: -1 }, label, mark);
  }

  /** Largest shift in pixels. */
  get reach() {
    return (this.cells.length - 1) / 2;
  }

  /**
   * @param {HTMLElement} cell
   * @param {number} label
   * @param {boolean} correct
   * @param {string} description
   */
  #updateCell(cell, label, correct, description) {
    setText(cell.children[0], this.shortNames[label]);
    setText(cell.children[1], correct ? "✓" : "✗");
    setAttribute(cell, "data-outcome", correct ? "correct" : "incorrect");
    setAttribute(cell, "aria-label", description);
  }

  /**
   * Describe the prediction of a cell.
   * @param {number} i
   * @param {number} j
   */
  #describeShift(i, j) {
    const { shifts, true_label } = /** @type {Explanation} */ (this.explanation);
    const label = shifts.predicted[i][j];
    const mark = label === true_label ? "✓" : "✗";
    const shift = formatShift(i - shifts.reach, j - shifts.reach);
    return `${shift}: ${mark} ${this.classNames[label]}, ${probability(shifts.confidence[i][j])}`;
  }

  /**
   * Select a shift, and show its image and prediction.
   * @param {number} down
   * @param {number} right
   */
  #showShift(down, right) {
    if (!this.explanation) return;
    this.shift = [down, right];
    this.cells.flat().forEach((cell) => {
      setAttribute(cell, "tabindex", "-1");
      setAttribute(cell, "aria-selected", "false");
    });
    const cell = this.cells[down + this.reach][right + this.reach];
    setAttribute(cell, "tabindex", "0");
    setAttribute(cell, "aria-selected", "true");
    this.editButton.hidden = down === 0 && right === 0;
    const { pixels, shape } = this.explanation;
    drawGray(this.preview, shiftImage(decodeBytes(pixels), shape, down, right), shape);
    setText(partOf(this.panel, "shift-readout"), this.#describeShift(down + this.reach, right + this.reach));
  }

  /**
   * Select the focused cell again. If no cell has the focus, keep the last selection, so that a person can still open
   * the shifted image in the editor.
   */
  #showFocused() {
    const focused = this.cells.flat().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const side = this.cells.length;
    if (focused >= 0) this.#showShift(Math.floor(focused / side) - this.reach, (focused % side) - this.reach);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const clamp = (/** @type {number} */ pixels) => Math.min(Math.max(pixels, -this.reach), this.reach);
    const [down, right] = [clamp(this.shift[0] + step[0]), clamp(this.shift[1] + step[1])];
    this.cells[down + this.reach][right + this.reach].focus();
  }
}

/**
 * Describe a shift, such as "1 up, 2 right".
 * @param {number} down
 * @param {number} right
 */
export function formatShift(down, right) {
  const parts = [];
  if (down) parts.push(`${Math.abs(down)} ${down < 0 ? "up" : "down"}`);
  if (right) parts.push(`${Math.abs(right)} ${right < 0 ? "left" : "right"}`);
  return parts.join(", ") || "No shift";
}

/**
 * Return the image shifted by whole pixels, with a black margin.
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {number} down
 * @param {number} right
 */
export function shiftImage(pixels, [height, width], down, right) {
  return pixels.map((_, index) => {
    const row = Math.floor(index / width) - down;
    const column = (index % width) - right;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? pixels[row * width + column] : 0;
  });
}

const MIN_LENGTH = 2; // letters of a short name

/**
 * Return a short form of each name: the shortest prefix of two or more letters that identifies it.
 * @param {string[]} names
 */
export function shortNames(names) {
  return names.map((name) => {
    for (let length = MIN_LENGTH; length < name.length; length += 1) {
      const start = name.slice(0, length).toLowerCase();
      if (names.filter((other) => other.toLowerCase().startsWith(start)).length === 1) return name.slice(0, length);
    }
    return name;
  });
}
