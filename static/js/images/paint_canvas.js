/** Image editor for mouse, touch and keyboard. */
import { clamp } from "../core/numbers.js";
import { createCanvas, describePixel, PixelCursor } from "./pixel_cursor.js";
import { drawGray } from "./pixels.js";

/**
 * @import {Shape} from "./pixels.js"
 *
 * @typedef {object} Painter
 * @property {() => Uint8Array} beginStroke starts a stroke, and returns the pixels that it may change
 * @property {() => void} onPaint called after each change of the pixels
 *
 * @typedef {{size: number, brightness: number}} Brush diameter in pixels, and brightness from 0 to 255
 */

export class PaintCanvas {
  /** @param {Painter} painter */
  constructor(painter) {
    this.painter = painter;
    /** @type {Shape} */
    this.shape = [1, 1];
    /** @type {Brush} */
    this.brush = { size: 2, brightness: 255 };
    /** @type {Uint8Array} */
    this.pixels = new Uint8Array();
    /** Current pixel of the stroke. @type {[number, number] | null} */
    this.stroke = null;
    this.canvas = createCanvas();
    this.cursor = new PixelCursor({
      name: "paint",
      label: "Paint: arrow keys move the brush, Space paints, Shift + Space erases",
      hint: "Drag to paint, Shift + drag to erase.",
      layers: () => [this.canvas],
      describe: (row, column) => describePixel(row, column, this.pixels[row * this.shape[1] + column] ?? 0),
    });
    this.#listen(this.cursor.stage);
  }

  /** Show an image. @param {Uint8Array} pixels @param {Shape} shape */
  show(pixels, shape) {
    this.pixels = pixels;
    this.shape = shape;
    this.cursor.setShape(shape);
    this.#draw();
  }

  /** @param {Brush} brush */
  setBrush(brush) {
    this.brush = brush;
    this.cursor.size = brush.size;
    this.cursor.draw();
  }

  /** @param {HTMLElement} stage */
  #listen(stage) {
    stage.classList.add("paint-stage");
    stage.addEventListener("pointerdown", (event) => this.#startStroke(event));
    stage.addEventListener("pointermove", (event) => this.#continueStroke(event));
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, () => {
        this.stroke = null;
      });
    }
    stage.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  /** @param {PointerEvent} event */
  #startStroke(event) {
    if (event.button !== 0) return;
    this.cursor.stage.setPointerCapture(event.pointerId);
    this.pixels = this.painter.beginStroke();
    this.stroke = this.cursor.pixelAt(event);
    this.#paint([this.stroke], event.shiftKey);
  }

  /** @param {PointerEvent} event */
  #continueStroke(event) {
    if (!this.stroke) return;
    const line = pixelsBetween(this.stroke, this.cursor.pixelAt(event));
    this.stroke = line.at(-1) ?? this.stroke;
    if (line.length) this.#paint(line, event.shiftKey);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.pixels = this.painter.beginStroke();
    this.#paint([[this.cursor.row, this.cursor.column]], event.shiftKey);
  }

  /** @param {[number, number][]} centers @param {boolean} erase */
  #paint(centers, erase) {
    const brush = erase ? { ...this.brush, brightness: 0 } : this.brush;
    for (const center of centers) paintDot(this.pixels, this.shape, center, brush);
    this.#draw();
    this.painter.onPaint();
  }

  #draw() {
    drawGray(this.canvas, this.pixels, this.shape);
    this.cursor.draw();
  }
}

/**
 * Return the pixels on the line between two pixels, except the first.
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
 * Paint a dot with a soft edge, as in handwritten digits.
 * @param {Uint8Array} pixels changed in place
 * @param {Shape} shape
 * @param {[number, number]} center
 * @param {Brush} brush
 */
export function paintDot(pixels, [height, width], [row, column], { size, brightness }) {
  const radius = Math.ceil(size / 2);
  for (let i = Math.max(0, row - radius); i <= Math.min(height - 1, row + radius); i += 1) {
    for (let j = Math.max(0, column - radius); j <= Math.min(width - 1, column + radius); j += 1) {
      const opacity = clamp(size / 2 + 0.5 - Math.hypot(i - row, j - column), 0, 1);
      const index = i * width + j;
      pixels[index] += Math.round(opacity * (brightness - pixels[index]));
    }
  }
}
