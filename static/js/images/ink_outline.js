/** Outline of the bright pixels of an image, drawn over a heat map of the same size. */
import { html } from "../core/html.js";

/** @import {Shape} from "./pixels.js" */

const BRIGHT = 128; // lowest level of a bright pixel; white is 255

/** @param {ArrayLike<number>} pixels @param {Shape} shape */
export function inkOutline(pixels, shape) {
  return html`<svg class="ink-outline" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 ${shape[1]} ${shape[0]}">
    <path d=${outline(pixels, shape)}></path>
  </svg>`;
}

/**
 * Return the borders between bright and dark pixels as an SVG path in pixel units.
 * @param {ArrayLike<number>} pixels
 * @param {Shape} shape
 */
export function outline(pixels, [height, width]) {
  const isBright = (/** @type {number} */ row, /** @type {number} */ column) =>
    row >= 0 && row < height && column >= 0 && column < width && pixels[row * width + column] >= BRIGHT;
  const segments = [];
  for (let row = 0; row <= height; row += 1) {
    for (let column = 0; column <= width; column += 1) {
      const bright = isBright(row, column);
      if (bright !== isBright(row - 1, column)) segments.push(`M${column} ${row}h1`);
      if (bright !== isBright(row, column - 1)) segments.push(`M${column} ${row}v1`);
    }
  }
  return segments.join("");
}
