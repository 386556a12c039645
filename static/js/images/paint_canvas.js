/** Image editor for mouse, touch and keyboard (arrow keys and space). */
import { element, partOf, setText } from "../core/dom.js";
import { percent } from "../core/format.js";
import { PixelCursor } from "./pixel_cursor.js";
import { drawGrey } from "./pixels.js";

/** @typedef {import("./pixels.js").Shape} Shape */

/**
 * @typedef {object} Painter
 * @property {() => Uint8Array} beginStroke starts a stroke and returns the pixels it changes
 * @property {() => void} onPaint called after the pixels changed
 */

/** Brush diameter in pixels, and brightness from 0 to 255. @typedef {{size: number, light: number}} Brush */

export class PaintCanvas {
  /**
   * @param {HTMLElement} panel
   * @param {Painter} painter
   */
  constructor(panel, painter) {
    this.painter = painter;
    /** @type {Shape} */
    this.shape = [1, 1];
    /** @type {Brush} */
    this.brush = { size: 2, light: 255 };
    /** @type {Uint8Array} */
    this.pixels = new Uint8Array();
    /** Current pixel of the stroke. @type {[number, number] | null} */
    this.stroke = null;
    this.canvas = element("canvas", { className: "pixelated" });
    this.reading = partOf(panel, "paint-readout");
    this.stage = partOf(panel, "paint-stage");
    this.stage.replaceChildren(this.canvas);
    this.stage.setAttribute("role", "application");
    this.stage.ariaLabel = "Paint: arrow keys move the brush, Space paints, Shift + Space erases";
    this.cursor = new PixelCursor(this.stage, () => this.#showReading());
    this.#listen();
  }

  /**
   * @param {Uint8Array} pixels
   * @param {Shape} shape
   */
  show(pixels, shape) {
    this.pixels = pixels;
    this.shape = shape;
    this.cursor.setShape(shape);
    drawGrey(this.canvas, pixels, shape);
    this.#showReading();
  }

  /** @param {Brush} brush */
  setBrush(brush) {
    this.brush = brush;
    this.cursor.size = brush.size;
    if (!this.cursor.frame.hidden) this.cursor.draw();
  }

  #listen() {
    this.stage.addEventListener("pointerdown", (event) => this.#startStroke(event));
    this.stage.addEventListener("pointermove", (event) => this.#continueStroke(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, () => {
        this.stroke = null;
      });
    }
    this.stage.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  /** @param {PointerEvent} event */
  #startStroke(event) {
    if (event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pixels = this.painter.beginStroke();
    this.stroke = this.cursor.pixelAt(event);
    this.#paint([this.stroke], event.shiftKey);
  }

  /** @param {PointerEvent} event */
  #continueStroke(event) {
    if (!this.stroke) return;
    const from = this.stroke;
    this.stroke = this.cursor.pixelAt(event);
    if (this.stroke[0] !== from[0] || this.stroke[1] !== from[1])
      this.#paint(pixelsBetween(from, this.stroke), event.shiftKey);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.pixels = this.painter.beginStroke();
    this.#paint([[this.cursor.row, this.cursor.column]], event.shiftKey);
  }

  /**
   * @param {[number, number][]} centers
   * @param {boolean} erase
   */
  #paint(centers, erase) {
    const light = erase ? 0 : this.brush.light;
    for (const center of centers) paintDot(this.pixels, this.shape, center, { size: this.brush.size, light });
    drawGrey(this.canvas, this.pixels, this.shape);
    this.#showReading();
    this.painter.onPaint();
  }

  #showReading() {
    const { row, column } = this.cursor;
    const light = percent((this.pixels[row * this.shape[1] + column] ?? 0) / 255, 0);
    setText(
      this.reading,
      this.cursor.frame.hidden
        ? "Drag to paint, Shift + drag to erase."
        : `Row ${row}, column ${column}: ${light} white`,
    );
  }
}

/**
 * Return the pixels on the line between two pixels, without the first.
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @returns {[number, number][]}
 */
export function pixelsBetween(from, to) {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  return Array.from({ length: steps }, (_, step) => {
    const fraction = (step + 1) / steps;
    return [Math.round(from[0] + fraction * (to[0] - from[0])), Math.round(from[1] + fraction * (to[1] - from[1]))];
  });
}

/**
 * Paint a dot with a soft edge, like the strokes of the images.
 * @param {Uint8Array} pixels changed in place
 * @param {Shape} shape
 * @param {[number, number]} center
 * @param {Brush} brush
 */
export function paintDot(pixels, [height, width], [row, column], { size, light }) {
  const reach = Math.ceil(size / 2);
  for (let i = Math.max(0, row - reach); i <= Math.min(height - 1, row + reach); i += 1) {
    for (let j = Math.max(0, column - reach); j <= Math.min(width - 1, column + reach); j += 1) {
      const opacity = Math.min(Math.max(size / 2 + 0.5 - Math.hypot(i - row, j - column), 0), 1);
      const index = i * width + j;
      pixels[index] += Math.round(opacity * (light - pixels[index]));
    }
  }
}
