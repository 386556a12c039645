/**
 * Names of lines at their right ends, moved apart where they would overlap.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { element } from "../core/dom.js";
import { spread } from "./label_positions.js";
import { resolved } from "./line_chart_layout.js";

const HEIGHT = 15; // px of one label

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
