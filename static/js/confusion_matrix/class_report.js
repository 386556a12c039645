/** Table of precision, recall, F1 and support of each class. */
import { count, percent } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { classMetrics, macroMean } from "./class_metrics.js";

const COLUMNS = [
  ["Precision", "Percentage of the images predicted as this class that are of this class"],
  ["Recall", "Percentage of the images of this class that are predicted as this class"],
  ["F1", "The harmonic mean of precision and recall"],
  ["Images", "Number of images of this class"],
];

/** Show the report as a table. @param {HTMLElement} root @param {{labels: string[], matrix: number[][]}} options */
export function renderClassReport(root, { labels, matrix }) {
  const metrics = classMetrics(labels, matrix);
  const lowest = Math.min(...metrics.map((each) => each.recall ?? 1));
  render(
    html`<table class="table table-sm small">
      <caption class="visually-hidden">Precision, recall, F1 and support of each class</caption>
      <thead><tr>
        <th scope="col" title="The true class">Class</th>
        ${COLUMNS.map(([name, meaning]) => html`<th class="num" scope="col" title=${meaning}>${name}</th>`)}
      </tr></thead>
      <tbody>${metrics.map((each) => metricsRow(each, lowest < 1 && each.recall === lowest))}</tbody>
      <tfoot class="table-group-divider fw-semibold">${metricsRow(macroMean(metrics), false)}</tfoot>
    </table>`,
    root,
  );
}

/**
 * @param {import("./class_metrics.js").ClassMetrics} metrics
 * @param {boolean} isHardest true if the class has the lowest recall
 */
function metricsRow({ label, precision, recall, f1, support }, isHardest) {
  const badge = html`<span class="badge bg-danger-subtle text-danger-emphasis">hardest</span>`;
  return html`<tr>
    <th scope="row">${label} ${isHardest ? badge : nothing}</th>
    <td class="num">${precision === null ? "never predicted" : percent(precision)}</td>
    <td class="num">${percent(recall)}</td>
    <td class="num">${percent(f1)}</td>
    <td class="num">${count(support)}</td>
  </tr>`;
}
