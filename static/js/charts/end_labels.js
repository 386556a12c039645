/**
 * Labels at the right ends of the lines, with the names of the lines. Labels that would overlap are moved apart.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { element } from "../core/dom.js";
import { separateLabels } from "./label_positions.js";
import { resolveColor } from "./line_chart_layout.js";

const LABEL_HEIGHT = 15; // px

export class EndLabels {
  constructor() {
    this.element = element("div", { className: "chart-ends", ariaHidden: "true" });
  }

  /**
   * Draw the labels.
   * @param {readonly Series[]} series visible series
   * @param {readonly number[]} range lowest and highest value of the y-axis; their logarithms if `log`
   * @param {boolean} log true if the y-axis is logarithmic
   * @param {{top: number, bottom: number, left: number}} edges
   *   upper and lower edge of the plot, and left edge of the labels, px
   */
  draw(series, range, log, { top, bottom, left }) {
    const [low, high] = range;
    const ends = series.flatMap((line) => {
      const last = line.y.findLast((value) => value !== null);
      if (last === undefined || last === null || (log && last <= 0)) return [];
      const fraction = ((log ? Math.log10(last) : last) - low) / (high - low);
      return fraction < -0.02 || fraction > 1.02 ? [] : [{ line, y: bottom - fraction * (bottom - top) }];
    });
    const positions = separateLabels(
      ends.map((end) => end.y),
      LABEL_HEIGHT,
      top,
      bottom,
    );
    const labels = ends.map(({ line }, index) => {
      const label = element("span", { className: "chart-end" }, line.name);
      label.style.color = resolveColor(line.color);
      label.style.left = `${left}px`;
      label.style.top = `${positions[index]}px`;
      return label;
    });
    this.element.replaceChildren(...labels);
  }
}
