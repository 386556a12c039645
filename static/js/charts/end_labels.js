/**
 * Names of lines at their right ends, moved apart where they would overlap.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { element } from "../core/dom.js";
import { resolved } from "./line_chart_layout.js";

const HEIGHT = 15; // px of one label

/**
 * Move values up and down, as little as a single pass does, until neighbors are `gap` apart within `low`…`high`.
 * @param {readonly number[]} wanted
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order of `wanted`
 */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, place) => place).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  order.forEach((place, rank) => {
    const above = rank ? placed[order[rank - 1]] + gap : low;
    placed[place] = Math.max(placed[place], above);
  });
  [...order].reverse().forEach((place, rank, reversed) => {
    const below = rank ? placed[reversed[rank - 1]] - gap : high;
    placed[place] = Math.min(placed[place], below);
  });
  return placed;
}

export class EndLabels {
  constructor() {
    this.element = element("div", { className: "chart-ends", ariaHidden: "true" });
  }

  /**
   * @param {readonly Series[]} series those that are on
   * @param {readonly number[]} range of the vertical axis, of the logarithm where `log`
   * @param {boolean} log
   * @param {{top: number, bottom: number, left: number}} inner the plot's edges, px
   */
  place(series, range, log, { top, bottom, left }) {
    const [low, high] = range;
    const ends = series.flatMap((one) => {
      const last = one.y.findLast((value) => value !== null);
      if (last === undefined || last === null || (log && last <= 0)) return [];
      const share = ((log ? Math.log10(last) : last) - low) / (high - low);
      return share < -0.02 || share > 1.02 ? [] : [{ one, y: bottom - share * (bottom - top) }];
    });
    const places = spread(
      ends.map((end) => end.y),
      HEIGHT,
      top,
      bottom,
    );
    const labels = ends.map(({ one }, rank) => {
      const label = element("span", { className: "chart-end" }, one.name);
      label.style.color = resolved(one.color);
      label.style.left = `${left}px`;
      label.style.top = `${places[rank]}px`;
      return label;
    });
    this.element.replaceChildren(...labels);
  }
}
