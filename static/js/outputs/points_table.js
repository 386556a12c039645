/** Table of the training examples in a figure. */

import { html } from "../core/html.js";

/**
 * Return the template of the table. The rows of incorrect predictions, which end with ✗, are marked.
 * @param {{headings: string[], rows: string[][]}} table
 */
export function pointsTable({ headings, rows }) {
  const row = (/** @type {string[]} */ cells) => {
    const className = cells.at(-1)?.endsWith("✗") ? "text-danger-emphasis fw-semibold" : "";
    return html`<tr class="text-end">${cells.map((text) => html`<td class=${className}>${text}</td>`)}</tr>`;
  };
  return html`<div class="table-responsive" tabindex="0" role="region" aria-label="Examples and predictions">
    <table class="table table-sm w-auto num text-nowrap outputs-points">
      <thead>
        <tr class="text-end">
          ${headings.map((text) => html`<th scope="col">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
    </table>
  </div>`;
}
