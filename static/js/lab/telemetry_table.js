/** Table of the telemetry of an experiment: the state of each layer of both networks after the first and the last epoch. */

/** @import {LabLayerTelemetry, LabRun} from "../../../types/api.js" */

import { cost, percent } from "../core/format.js";
import { html } from "../core/html.js";

/** @typedef {Exclude<keyof LabLayerTelemetry, "layer">} Quantity */
/** @typedef {{name: Quantity, title: string, format: (value: number | null | undefined) => string}} Column */

/** @type {Column[]} */
const COLUMNS = [
  { name: "gradient_norm", title: "Gradient norm", format: shortNumber },
  { name: "update_ratio", title: "Step ÷ weights", format: shortNumber },
  { name: "saturated_fraction", title: "Saturated", format: (value) => percent(value, 0) },
  { name: "dead_fraction", title: "Never fire", format: (value) => percent(value, 0) },
];

/** Format a number with two digits: 0.24, 70, 7.9e-7. @param {number | null | undefined} value */
export function shortNumber(value) {
  if (typeof value !== "number" || value === 0) return cost(value);
  if (value < 1e-3 || value >= 1e4) return value.toExponential(1).replace("e+", "e");
  return String(Number(value.toPrecision(2)));
}

/**
 * Return the columns that have values, and the rows from the output to the input. A cell has the values after the first
 * and the last epoch, or only one if they look the same.
 * @param {LabRun} run
 */
export function telemetryRows({ telemetry }) {
  const columns = COLUMNS.filter(({ name }) =>
    telemetry.right.some((layer) => layer[name].some((value) => value !== null)),
  );
  const cell = (/** @type {LabLayerTelemetry} */ layer, /** @type {Column} */ { name, format }) => {
    const [first, last] = [layer[name][1], layer[name].at(-1)].map(format);
    return first === last ? first : `${first} → ${last}`;
  };
  const rows = telemetry.right.map((right, position) => ({
    layer: right.layer,
    right: columns.map((column) => cell(right, column)),
    wrong: columns.map((column) => cell(telemetry.wrong[position], column)),
  }));
  return { columns: columns.map(({ title }) => title), rows: rows.reverse() };
}

/** @param {LabRun} run */
export function telemetryTable(run) {
  const { columns, rows } = telemetryRows(run);
  const row = (/** @type {string} */ network, /** @type {string[]} */ cells) => html`<th scope="row">${network}</th>
    ${cells.map((text) => html`<td class="num">${text}</td>`)}`;
  return html`
    <h2 id="telemetry-title" tabindex="-1">Telemetry</h2>
    <p class="small text-body-secondary mb-0">After the first → after the last epoch: the norm of the gradient, the length
      of the step relative to the weights, and the fraction of activations where the slope is nearly 0 (saturated) or of
      relu units that never fire.</p>
    <div class="table-responsive" tabindex="0" role="region" aria-label="Table of the layers">
      <table class="table table-sm small">
        <thead>
          <tr>
            <th scope="col">Layer</th><th scope="col">Network</th>
            ${columns.map((title) => html`<th scope="col" class="num">${title}</th>`)}
          </tr>
        </thead>
        ${rows.map(
          ({ layer, right, wrong }) => html`<tbody>
            <tr><th scope="rowgroup" rowspan="2">${layer}</th>${row("✓ right", right)}</tr>
            <tr>${row("✗ with the bug", wrong)}</tr>
          </tbody>`,
        )}
      </table>
    </div>`;
}
