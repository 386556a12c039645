/** Enlarged heat map of the weights or the gradient of one hidden unit, with the outline of the image. */
import { html } from "../core/html.js";
import { InkOutline } from "../images/ink_outline.js";
import { decodeBytes, decodeLevels, drawSigned } from "../images/pixels.js";

/** @import {Explanation, UnitContribution} from "../../../types/api.js" */

const MAX_WIDTH = 224; // CSS pixels; the width of the canvas is the largest multiple of the image width up to this size

export class UnitMagnifier {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "pixelated";
    this.canvas.setAttribute("role", "img");
    this.outline = new InkOutline();
  }

  /**
   * Draw a unit, and return the figure that shows it.
   * @param {UnitContribution} unit
   * @param {Explanation} explanation
   * @param {string} meaning
   */
  draw(unit, { gap, pixels, shape }, meaning) {
    drawSigned(this.canvas, scaleToFullRange(decodeLevels(unit.levels)), shape);
    this.canvas.ariaLabel =
      gap.pictures === "weights"
        ? `Weights from the pixels to unit ${unit.unit}`
        : `Gradient of unit ${unit.unit} with respect to each pixel`;
    this.outline.update(decodeBytes(pixels), shape);
    const width = `${Math.floor(MAX_WIDTH / shape[1]) * shape[1]}px`;
    return html`<figure class="magnifier">
      <div class="pixel-stack" data-part="magnifier-image" .style=${`width: ${width}`}>
        ${this.canvas}${this.outline.svg}
      </div>
      <figcaption class="pt-1">
        <strong class="d-block" data-part="magnifier-unit">Unit ${unit.unit}</strong>
        <p class="small text-body-secondary" data-part="magnifier-meaning">${meaning}</p>
      </figcaption>
    </figure>`;
  }
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
