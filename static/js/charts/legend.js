/**
 * Legend of a chart: one button for each series, which toggles it and shows its value under the pointer, or its last
 * one.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { element, setText } from "../core/dom.js";
import { resolved } from "./line_chart_layout.js";

export class ChartLegend {
  /**
   * @param {(value: number | null) => string} format
   * @param {() => void} onToggle told when a series is switched on or off
   */
  constructor(format, onToggle) {
    this.format = format;
    this.onToggle = onToggle;
    /** Keys of the series that are switched off. @type {Set<string>} */
    this.hidden = new Set();
    /** @type {readonly Series[]} */
    this.series = [];
    /** @type {Map<string, {button: HTMLButtonElement, swatch: HTMLElement, value: HTMLElement}>} */
    this.items = new Map();
    this.element = element("div", { className: "chart-legend", role: "group", ariaLabel: "Lines" });
    /** @type {number | null} */
    this.at = null;
  }

  /** @param {readonly Series[]} series */
  show(series) {
    this.series = series;
    const keys = new Set(series.map((one) => one.key));
    for (const [key, { button }] of this.items) {
      if (keys.has(key)) continue;
      button.remove();
      this.items.delete(key);
    }
    for (const one of series) {
      const item = this.items.get(one.key) ?? this.#add(one);
      item.swatch.style.borderColor = resolved(one.color);
    }
    this.#write();
  }

  /**
   * Read out the values at this place of the horizontal axis; null for the last.
   * @param {number | null} at
   */
  read(at) {
    this.at = at;
    this.#write();
  }

  /** @param {Series} one */
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

  #write() {
    for (const { key, x, y } of this.series) {
      const item = this.items.get(key);
      if (item) setText(item.value, this.format(y[placeOf(x, this.at)] ?? null));
    }
  }
}

/**
 * Which value of a line holds there: the last that was reached; none before its first and after its end.
 * @param {readonly number[]} x
 * @param {number | null} at
 */
function placeOf(x, at) {
  if (at === null) return x.length - 1;
  return at > (x.at(-1) ?? 0) ? -1 : x.findLastIndex((reached) => reached <= at);
}
