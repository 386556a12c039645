/** Frame around one pixel of an image. The pointer or the arrow keys move it. */
import { element } from "../core/dom.js";

/** Rows and columns by which each key moves the frame. @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class PixelCursor {
  /**
   * @param {HTMLElement} stage contains the image and receives the focus
   * @param {(row: number, column: number) => void} onMove
   */
  constructor(stage, onMove) {
    this.stage = stage;
    this.onMove = onMove;
    /** @type {import("./pixels.js").Shape} */
    this.shape = [1, 1];
    this.row = 0;
    this.column = 0;
    this.size = 1;
    this.frame = element("span", { className: "pixel-cursor", ariaHidden: "true", hidden: true });
    stage.append(this.frame);
    stage.tabIndex = 0;
    for (const event of /** @type {const} */ (["pointermove", "pointerdown"])) {
      stage.addEventListener(event, (pointer) => this.moveTo(...this.pixelAt(pointer)));
    }
    stage.addEventListener("pointerleave", () => this.#hideUnlessFocused());
    stage.addEventListener("focus", () => this.moveTo(this.row, this.column));
    stage.addEventListener("blur", () => this.#hideUnlessFocused());
    stage.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  /** @param {import("./pixels.js").Shape} shape */
  setShape(shape) {
    if (shape[0] === this.shape[0] && shape[1] === this.shape[1]) return;
    this.shape = shape;
    this.row = Math.floor(shape[0] / 2);
    this.column = Math.floor(shape[1] / 2);
  }

  /**
   * Return the pixel under the pointer.
   * @param {PointerEvent} event
   * @returns {[row: number, column: number]}
   */
  pixelAt({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const [rows, columns] = this.shape;
    return [Math.floor(((clientY - top) / height) * rows), Math.floor(((clientX - left) / width) * columns)];
  }

  /**
   * Move the frame to the nearest pixel of the image.
   * @param {number} row
   * @param {number} column
   */
  moveTo(row, column) {
    const [rows, columns] = this.shape;
    this.row = Math.min(Math.max(row, 0), rows - 1);
    this.column = Math.min(Math.max(column, 0), columns - 1);
    this.draw();
    this.onMove(this.row, this.column);
  }

  draw() {
    const [rows, columns] = this.shape;
    const offset = (this.size - 1) / 2;
    this.frame.hidden = false;
    this.frame.style.setProperty("left", `${(100 * (this.column - offset)) / columns}%`);
    this.frame.style.setProperty("top", `${(100 * (this.row - offset)) / rows}%`);
    this.frame.style.setProperty("width", `${(100 * this.size) / columns}%`);
    this.frame.style.setProperty("height", `${(100 * this.size) / rows}%`);
  }

  #hideUnlessFocused() {
    this.frame.hidden = document.activeElement !== this.stage;
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.moveTo(this.row + step[0], this.column + step[1]);
  }
}
