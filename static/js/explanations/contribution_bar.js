/** Row of one contribution to a sum: name, signed bar, factors and value. */
import { element, setAttribute, setText } from "../core/dom.js";
import { signed } from "../core/signed_numbers.js";

export class ContributionBar {
  /** @param {{image?: Element, factors?: Element}} [parts] `image` is before the name, `factors` before the value */
  constructor({ image, factors } = {}) {
    this.name = element("span", { className: "sum-name" });
    this.bar = element("span", { className: "sum-bar" });
    this.value = element("span", { className: "sum-value num" });
    this.line = element(
      image ? "span" : "li",
      { className: "sum-line" },
      image ?? element("span"),
      this.name,
      element("span", { className: "sum-track", ariaHidden: "true" }, this.bar),
      factors ?? element("span"),
      this.value,
    );
  }

  /**
   * Show another contribution.
   * @param {string} name
   * @param {number} value
   * @param {{largest: number, digits: number}} scale `largest`: absolute value whose bar fills half of the track
   */
  show(name, value, { largest, digits }) {
    setText(this.name, name);
    setText(this.value, signed(value, digits));
    drawSignedBar(this.bar, value, largest);
  }
}

/**
 * Draw a signed value as a bar to the left or the right of the center of its track.
 * @param {HTMLElement} bar
 * @param {number} value
 * @param {number} largest absolute value whose bar fills half of the track
 */
export function drawSignedBar(bar, value, largest) {
  const { left, width } = signedBarExtent(value, largest);
  setAttribute(bar, "data-sign", value < 0 ? "negative" : "positive");
  bar.style.setProperty("width", width);
  bar.style.setProperty("left", left);
}

/**
 * Return the left edge and the width of a signed bar, in percent of its track. Zero is at 50%.
 * @param {number} value
 * @param {number} largest absolute value whose bar fills half of the track
 */
export function signedBarExtent(value, largest) {
  const width = largest > 0 ? (50 * Math.abs(value)) / largest : 0;
  return { left: `${(value < 0 ? 50 - width : 50).toFixed(2)}%`, width: `${width.toFixed(2)}%` };
}
