/**
 * Legend of a chart. Each series has a button that shows or hides its line. The button shows the value of the series at
 * the pointer, or else its last value.
 *
 * @import {Series} from "./line_chart_layout.js"
 */

import { html, repeat } from "../core/html.js";
import { cssColor } from "./end_labels.js";

/** Dash patterns of lines: lengths of dashes and gaps in pixels, as in the SVG attribute `stroke-dasharray`. */
export const SOLID = "none";
export const DOTTED = "3px,3px";

/**
 * One pattern for each line of a chart, which distinguishes the lines without color. There are as many as colors of
 * compared runs.
 */
export const DASHES = [
  SOLID,
  "9px,5px",
  DOTTED,
  "9px,3px,3px,3px",
  "18px,5px",
  "14px,3px,3px,3px,3px,3px",
  "5px,3px,5px,8px",
  "2px,7px",
];

/**
 * @param {object} options
 * @param {readonly Series[]} options.series
 * @param {ReadonlySet<string>} options.hidden keys of the hidden series
 * @param {number | null} options.pointer position of the pointer on the x-axis, or null if it is outside the plot
 * @param {(value: number | null) => string} options.format
 * @param {(key: string) => void} options.onToggle
 */
export function chartLegend({ series, hidden, pointer, format, onToggle }) {
  const button = (/** @type {Series} */ { key, name, color, dash = SOLID, x, y }) => html`
    <button type="button" class="hstack gap-2 p-0 border-0 bg-transparent text-body small chart-key" aria-pressed=${String(!hidden.has(key))} @click=${() => onToggle(key)}>
      <svg class="chart-swatch" aria-hidden="true" focusable="false" .style=${`stroke: ${cssColor(color)}`}>
        <line x2="100%" y1="50%" y2="50%" stroke-dasharray=${dash}></line>
      </svg>
      <span class="chart-key-name text-truncate">${name}</span>
      <span class="chart-value fw-semibold num">${format(y[indexAt(x, pointer)] ?? null)}</span>
    </button>`;
  return html`<div class="hstack flex-wrap column-gap-4" role="group" aria-label="Lines">${repeat(series, ({ key }) => key, button)}</div>`;
}

/**
 * Return the index of the last value that is not to the right of a position, or -1 for a position outside the line.
 * @param {readonly number[]} x positions of the values
 * @param {number | null} position null for the last value
 */
export function indexAt(x, position) {
  if (position === null) return x.length - 1;
  return position > (x.at(-1) ?? 0) ? -1 : x.findLastIndex((value) => value <= position);
}
