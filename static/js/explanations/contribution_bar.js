/** One part of a sum: its name, a bar to the left or the right of zero, what it is the product of, its value. */
import { element, setAttribute, setText } from "../core/dom.js";
import { signed } from "../core/signed_numbers.js";

export class ContributionBar {
  /** @param {{picture?: Element, factors?: Element}} [parts] what stands before the name, and before the value */
  constructor({ picture, factors } = {}) {
    this.name = element("span", { className: "sum-name" });
    this.bar = element("span", { className: "sum-bar" });
    this.value = element("span", { className: "sum-value num" });
    this.line = element(
      picture ? "span" : "li",
      { className: "sum-line" },
      picture ?? element("span"),
      this.name,
      element("span", { className: "sum-track", ariaHidden: "true" }, this.bar),
      factors ?? element("span"),
      this.value,
    );
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {{largest: number, digits: number}} scale `largest`: the size that fills half of the track
   */
  show(name, value, { largest, digits }) {
    setText(this.name, name);
    setText(this.value, signed(value, digits));
    place(this.bar, value, largest);
  }
}

/**
 * Draw a value to the left or the right of the middle of its track.
 * @param {HTMLElement} bar
 * @param {number} value
 * @param {number} largest the size that fills half of the track
 */
export function place(bar, value, largest) {
  const width = largest > 0 ? (50 * Math.abs(value)) / largest : 0;
  setAttribute(bar, "data-sign", value < 0 ? "negative" : "positive");
  bar.style.setProperty("width", `${width.toFixed(2)}%`);
  bar.style.setProperty("left", `${(value < 0 ? 50 - width : 50).toFixed(2)}%`);
}
