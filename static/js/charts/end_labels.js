/**
 * Names of the lines at their right ends. Labels that would overlap are moved apart.
 *
 * @import {Series} from "./line_chart_layout.js"
 */

import { html } from "../core/html.js";

const LABEL_HEIGHT = 15; // px

/**
 * @param {readonly Series[]} series visible series
 * @param {readonly number[]} range lowest and highest value of the y-axis; their logarithms if `log`
 * @param {boolean} log true if the y-axis is logarithmic
 * @param {{top: number, bottom: number, left: number}} edges
 *   upper and lower edge of the plot, and left edge of the labels, px
 */
export function endLabels(series, [low, high], log, { top, bottom, left }) {
  const ends = series.flatMap((line) => {
    const last = line.y.findLast((value) => value !== null) ?? null;
    if (last === null || (log && last <= 0)) return [];
    const fraction = ((log ? Math.log10(last) : last) - low) / (high - low);
    return fraction < -0.02 || fraction > 1.02 ? [] : [{ line, y: bottom - fraction * (bottom - top) }];
  });
  const wanted = ends.map(({ y }) => y);
  const positions = separateLabels(wanted, LABEL_HEIGHT, top, bottom);
  return ends.map(
    ({ line }, index) =>
      html`<span class="position-absolute pe-none lh-1 chart-end" aria-hidden="true"
        .style=${`color: ${cssColor(line.color)}; left: ${left}px; top: ${positions[index]}px`}>${line.endLabel ?? line.name}</span>`,
  );
}

/** Return the CSS value of a color: a CSS variable such as "--train", or a color. @param {string} name */
export const cssColor = (name) => (name.startsWith("--") ? `var(${name})` : name);

/**
 * Move label positions until neighbors are at least `gap` apart, and keep them between `low` and `high`.
 * @param {readonly number[]} wanted positions that may overlap
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} positions in the order of `wanted`
 */
export function separateLabels(wanted, gap, low, high) {
  const ascending = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]);
  const positions = [...wanted];
  ascending.forEach((index, rank) => {
    const minimum = rank ? positions[ascending[rank - 1]] + gap : low;
    positions[index] = Math.max(positions[index], minimum);
  });
  [...ascending].reverse().forEach((index, rank, descending) => {
    const maximum = rank ? positions[descending[rank - 1]] - gap : high;
    positions[index] = Math.min(positions[index], maximum);
  });
  return positions;
}
