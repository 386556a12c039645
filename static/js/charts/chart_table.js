/**
 * Table of the values behind a chart. It contains the visible epochs; if they are many, every nth of them.
 *
 * @import {Series} from "./line_chart_layout.js"
 * @import {Range} from "./zoom.js"
 * @typedef {{x: number, values: (number | null | undefined)[]}} Row undefined where a line has no point
 */

import { html, nothing } from "../core/html.js";

const MAX_ROWS = 100;

/**
 * Return the rows of the table, one for each position of a line.
 * @param {readonly Series[]} series
 * @param {Range | null} visible visible positions, or null for all
 * @param {number} [limit] maximum number of rows
 * @returns {{rows: Row[], total: number}} `total`: number of rows without the limit
 */
export function tableRows(series, visible, limit = MAX_ROWS) {
  /** @type {Map<number, Row>} */
  const rows = new Map();
  series.forEach(({ x, y, unsmoothed }, column) => {
    x.forEach((position, index) => {
      if (visible && (position < visible[0] || position > visible[1])) return;
      const row = rows.get(position) ?? { x: position, values: series.map(() => undefined) };
      row.values[column] = (unsmoothed ?? y)[index];
      rows.set(position, row);
    });
  });
  const ascending = [...rows.values()].sort((a, b) => a.x - b.x);
  const total = ascending.length;
  if (total <= limit) return { rows: ascending, total };
  const step = Math.ceil((total - 1) / (limit - 1));
  return { rows: ascending.filter((_, index) => index % step === 0 || index === total - 1), total };
}

/**
 * @param {object} options
 * @param {string} options.caption
 * @param {string} options.positionTitle heading of the positions, such as "Epoch"
 * @param {readonly Series[]} options.series
 * @param {Range | null} options.visible
 * @param {(position: number) => string} options.formatPosition
 * @param {(value: number | null) => string} options.format
 */
export function chartTable({ caption, positionTitle, series, visible, formatPosition, format }) {
  const { rows, total } = tableRows(series, visible);
  const note = rows.length < total ? `${rows.length} of ${total} rows. Zoom in to see all rows of fewer epochs.` : "";
  return html`
    <div class="table-responsive chart-table" tabindex="0" role="region" aria-label=${caption}>
      <table class="table table-sm num">
        <caption class="visually-hidden">${caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="num">${positionTitle}</th>
            ${series.map(({ name }) => html`<th scope="col" class="num">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ x, values }) => html`<tr>
              <th scope="row" class="num">${formatPosition(x)}</th>
              ${values.map((value) => html`<td class="num">${value === undefined ? "" : format(value)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${note ? html`<p class="text-body-secondary mb-0">${note}</p>` : nothing}`;
}
