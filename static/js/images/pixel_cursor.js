/** Image with a frame around one pixel. The pointer or the arrow keys move the frame; a text describes the pixel in it. */

import { element } from "../core/dom.js";
import { percent } from "../core/format.js";
import { html, render } from "../core/html.js";
import { clamp } from "../core/numbers.js";

/**
 * @import {Shape} from "./pixels.js"
 *
 * @typedef {object} CursorOptions
 * @property {string} name the parts are named `<name>-stage` and `<name>-readout`
 * @property {string} label accessible name of the image
 * @property {string} hint text while the frame is hidden
 * @property {() => unknown[]} layers returns the canvas of the image, and what is over it
 * @property {(row: number, column: number) => string} describe returns the text for a pixel
 */

/** Rows and columns by which each key moves the frame. @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class PixelCursor {
  /** @param {CursorOptions} options */
  constructor({ name, label, hint, layers, describe }) {
    this.hint = hint;
    this.layers = layers;
    this.describe = describe;
    /** @type {Shape} */
    this.shape = [1, 1];
    this.row = 0;
    this.column = 0;
    this.size = 1; // width of the frame in pixels of the image
    this.visible = false;
    this.readout = element("output", { className: "small num" });
    this.readout.dataset.part = `${name}-readout`;
    this.stage = element("div", { className: "pixel-stack", role: "application", ariaLabel: label, tabIndex: 0 });
    this.stage.dataset.part = `${name}-stage`;
    for (const event of /** @type {const} */ (["pointermove", "pointerdown"])) {
      this.stage.addEventListener(event, (pointer) => this.#moveTo(...this.pixelAt(pointer)));
    }
    this.stage.addEventListener("focus", () => this.#moveTo(this.row, this.column));
    for (const event of ["pointerleave", "blur"]) this.stage.addEventListener(event, () => this.#hideUnlessFocused());
    this.stage.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  /** Set the size of the image. The frame moves to the center of an image of another size. @param {Shape} shape */
  setShape(shape) {
    if (shape[0] === this.shape[0] && shape[1] === this.shape[1]) return;
    this.shape = shape;
    [this.row, this.column] = [Math.floor(shape[0] / 2), Math.floor(shape[1] / 2)];
  }

  /**
   * Return the pixel under the pointer. It may be outside the image.
   * @param {PointerEvent} event
   * @returns {[row: number, column: number]}
   */
  pixelAt({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const [rows, columns] = this.shape;
    return [Math.floor(((clientY - top) / height) * rows), Math.floor(((clientX - left) / width) * columns)];
  }

  /** Draw the layers, the frame and the text. */
  draw() {
    const frame = html`<span class="pixel-cursor" aria-hidden="true" ?hidden=${!this.visible} .style=${frameStyle(this)}></span>`;
    render(html`${this.layers()}${frame}`, this.stage);
    render(this.visible ? this.describe(this.row, this.column) : this.hint, this.readout);
  }

  /** Move the frame to the nearest pixel of the image. @param {number} row @param {number} column */
  #moveTo(row, column) {
    const [rows, columns] = this.shape;
    this.row = clamp(row, 0, rows - 1);
    this.column = clamp(column, 0, columns - 1);
    this.visible = true;
    this.draw();
  }

  #hideUnlessFocused() {
    this.visible = document.activeElement === this.stage;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.#moveTo(this.row + step[0], this.column + step[1]);
  }
}

/**
 * Return the position of a frame that is centered on a pixel, as CSS.
 * @param {{shape: Shape, row: number, column: number, size: number}} frame
 */
export function frameStyle({ shape: [rows, columns], row, column, size }) {
  const offset = (size - 1) / 2;
  const percentage = (/** @type {number} */ pixels, /** @type {number} */ all) => `${(100 * pixels) / all}%`;
  return (
    `left: ${percentage(column - offset, columns)}; top: ${percentage(row - offset, rows)}; ` +
    `width: ${percentage(size, columns)}; height: ${percentage(size, rows)}`
  );
}

/**
 * Describe the position and the brightness of a pixel.
 * @param {number} row
 * @param {number} column
 * @param {number} level 0 for black to 255 for white
 */
export function describePixel(row, column, level) {
  return `Row ${row}, column ${column}: ${percent(level / 255, 0)} white`;
}

/** Create the canvas of an image. Screen readers skip it unless it has a label. @param {string} [label] */
export function createCanvas(label) {
  const role = label ? { role: "img", ariaLabel: label } : { ariaHidden: "true" };
  return element("canvas", { className: "pixelated", ...role });
}
