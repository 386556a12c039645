/**
 * Legend of a chart. Each series has a button that toggles its line. The button shows the value of the series at the
 * pointer, or else its last value.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { element, setText } from "../core/dom.js";
import { resolveColor } from "./line_chart_layout.js";

export class ChartLegend {
  /**
   * @param {(value: number | null) => string} format
   * @param {() => void} onToggle called after a line is shown or hidden
   */
  constructor(format, onToggle) {
    this.format = format;
    this.onToggle = onToggle;
    /** Keys of the hidden series. @type {Set<string>} */
    this.hidden = new Set();
    /** @type {readonly Series[]} */
    this.series = [];
    /** @type {Map<string, {button: HTMLButtonElement, swatch: HTMLElement, value: HTMLElement}>} */
    this.items = new Map();
    this.element = element("div", { className: "chart-legend", role: "group", ariaLabel: "Lines" });
    /** Position of the pointer on the x-axis, or null if it is outside the plot. @type {number | null} */
    this.pointerX = null;
  }

  /** @param {readonly Series[]} series */
  show(series) {
    this.series = series;
    const keys = new Set(series.map(({ key }) => key));
    for (const [key, { button }] of this.items) {
      if (keys.has(key)) continue;
      button.remove();
      this.items.delete(key);
    }
    for (const line of series) {
      const item = this.items.get(line.key) ?? this.#add(line);
      item.swatch.style.borderColor = resolveColor(line.color);
    }
    this.#showValues();
  }

  /**
   * Show the values at a position on the x-axis.
   * @param {number | null} x null for the last values
   */
  showValuesAt(x) {
    this.pointerX = x;
    this.#showValues();
  }

  /** @param {Series} series */
  #add({ key, name, dash = "solid" }) {
    const swatch = element("span", { className: "chart-swatch", dataset: { dash }, ariaHidden: "true" });
    const value = element("span", { className: "chart-value num" });
    const button = element("button", { type: "button", className: "chart-key", ariaPressed: "true" });
    button.append(swatch, element("span", { className: "chart-key-name" }, name), value);
    button.addEventListener("click", () => {
      if (!this.hidden.delete(key)) this.hidden.add(key);
      button.ariaPressed = String(!this.hidden.has(key));
      this.onToggle();
    });
    const item = { button, swatch, value };
    this.items.set(key, item);
    this.element.append(button);
    return item;
  }

  #showValues() {
    for (const { key, x, y } of this.series) {
      const item = this.items.get(key);
      if (item) setText(item.value, this.format(y[indexAt(x, this.pointerX)] ?? null));
    }
  }
}

/**
 * Return the index of the last value that is not to the right of a position, or -1 for a position outside the line.
 * @param {readonly number[]} x positions of the values
 * @param {number | null} position null for the last value
 */
function indexAt(x, position) {
  if (position === null) return x.length - 1;
  return position > (x.at(-1) ?? 0) ? -1 : x.findLastIndex((value) => value <= position);
}
