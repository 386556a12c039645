/** An image that can be painted on: with the mouse, a finger, or arrow keys and space. */
import { element, partOf, setText } from "../core/dom.js";
import { percent } from "../core/format.js";
import { PixelCursor } from "./pixel_cursor.js";
import { drawGrey } from "./pixels.js";

/** @typedef {import("./pixels.js").Shape} Shape */

/**
 * @typedef {object} Painter
 * @property {() => Uint8Array} begin the pixels that the stroke changes
 * @property {() => void} onPaint they have changed
 */

/** How white is the brush, from 0 to 255. @typedef {{size: number, light: number}} Brush */

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
    /** The pixel that the stroke has come to. @type {[number, number] | null} */
    this.stroke = null;
    this.canvas = element("canvas", { className: "pixelated" });
    this.reading = partOf(panel, "board-reading");
    this.stage = partOf(panel, "board");
    this.stage.replaceChildren(this.canvas);
    this.stage.setAttribute("role", "application");
    this.stage.ariaLabel = "Painting: arrow keys move the brush, space paints, shift and space erases";
    this.cursor = new PixelCursor(this.stage, () => this.#read());
    this.#listen();
  }

  /**
   * @param {Uint8Array} pixels
   * @param {Shape} shape
   */
  show(pixels, shape) {
    this.pixels = pixels;
    this.shape = shape;
    this.cursor.fit(shape);
    drawGrey(this.canvas, pixels, shape);
    this.#read();
  }

  /** @param {Brush} brush */
  take(brush) {
    this.brush = brush;
    this.cursor.size = brush.size;
    if (!this.cursor.frame.hidden) this.cursor.draw();
  }

  #listen() {
    this.stage.addEventListener("pointerdown", (event) => this.#down(event));
    this.stage.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, () => {
        this.stroke = null;
      });
    }
    this.stage.addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pixels = this.painter.begin();
    this.stroke = this.cursor.under(event);
    this.#paint([this.stroke], event.shiftKey);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.stroke) return;
    const from = this.stroke;
    this.stroke = this.cursor.under(event);
    if (this.stroke[0] !== from[0] || this.stroke[1] !== from[1])
      this.#paint(between(from, this.stroke), event.shiftKey);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.pixels = this.painter.begin();
    this.#paint([[this.cursor.row, this.cursor.column]], event.shiftKey);
  }

  /**
   * @param {[number, number][]} places
   * @param {boolean} erase
   */
  #paint(places, erase) {
    const light = erase ? 0 : this.brush.light;
    for (const place of places) dab(this.pixels, this.shape, place, { size: this.brush.size, light });
    drawGrey(this.canvas, this.pixels, this.shape);
    this.#read();
    this.painter.onPaint();
  }

  #read() {
    const { row, column } = this.cursor;
    const light = percent((this.pixels[row * this.shape[1] + column] ?? 0) / 255, 0);
    setText(
      this.reading,
      this.cursor.frame.hidden ? "Drag to paint, with shift to erase." : `Row ${row}, column ${column}: ${light} white`,
    );
  }
}

/**
 * The pixels on the way from one to another, without the first.
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @returns {[number, number][]}
 */
function between(from, to) {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  return Array.from({ length: steps }, (_, step) => {
    const part = (step + 1) / steps;
    return [Math.round(from[0] + part * (to[0] - from[0])), Math.round(from[1] + part * (to[1] - from[1]))];
  });
}

/**
 * Paint a round spot; its rim is soft, so that the ink looks like that of the images.
 * @param {Uint8Array} pixels changed
 * @param {Shape} shape
 * @param {[number, number]} center
 * @param {Brush} brush
 */
function dab(pixels, [height, width], [row, column], { size, light }) {
  const reach = Math.ceil(size / 2);
  for (let i = Math.max(0, row - reach); i <= Math.min(height - 1, row + reach); i += 1) {
    for (let j = Math.max(0, column - reach); j <= Math.min(width - 1, column + reach); j += 1) {
      const cover = Math.min(Math.max(size / 2 + 0.5 - Math.hypot(i - row, j - column), 0), 1);
      const place = i * width + j;
      pixels[place] += Math.round(cover * (light - pixels[place]));
    }
  }
}
