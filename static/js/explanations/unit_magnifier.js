/** Enlarged heat map of the weights or the gradient of one hidden unit, with the outline of the image. */
import { html } from "../core/html.js";
import { inkOutline } from "../images/ink_outline.js";
import { decodeBytes, decodeLevels, drawSigned } from "../images/pixels.js";

/** @import {Explanation, UnitContribution} from "../../../types/api.js" */

const MAX_WIDTH = 224; // CSS pixels; the width of the canvas is the largest multiple of the image width up to this size

/**
 * Draw a unit on a canvas, and return the figure that shows it.
 * @param {HTMLCanvasElement} canvas
 * @param {UnitContribution} unit
 * @param {Explanation} explanation
 * @param {string} meaning
 */
export function unitMagnifier(canvas, { unit, levels }, { gap, pixels, shape }, meaning) {
  drawSigned(canvas, scaleToFullRange(decodeLevels(levels)), shape);
  const isWeights = gap.pictures === "weights";
  canvas.ariaLabel = isWeights
    ? `Weights from the pixels to unit ${unit}`
    : `Gradient of unit ${unit} with respect to each pixel`;
  const width = `${Math.floor(MAX_WIDTH / shape[1]) * shape[1]}px`;
  return html`<figure class="magnifier">
    <div class="pixel-stack" data-part="magnifier-image" .style=${`width: ${width}`}>
      ${canvas}${inkOutline(decodeBytes(pixels), shape)}
    </div>
    <figcaption class="pt-1">
      <strong class="d-block" data-part="magnifier-unit">Unit ${unit}</strong>
      <p class="small text-body-secondary" data-part="magnifier-meaning">${meaning}</p>
    </figcaption>
  </figure>`;
}

/**
 * Scale the levels of a heat map so that the largest is 127 or −127. This makes the pattern of a unit with small
 * values visible.
 * @param {Int8Array} levels
 */
export function scaleToFullRange(levels) {
  const largest = levels.reduce((maximum, level) => Math.max(maximum, Math.abs(level)), 0);
  return largest ? levels.map((level) => Math.round((127 * level) / largest)) : levels;
}
