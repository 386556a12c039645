/** Precision, recall, F1 and support of each class, from the confusion matrix. */
import { element } from "../core/dom.js";
import { count, percent } from "../core/format.js";

/**
 * @typedef {object} ClassMetrics
 * @property {string} label
 * @property {number | null} precision correct fraction of the images predicted as this class; null without such images
 * @property {number | null} recall correct fraction of the images of this class; null without such images
 * @property {number | null} f1 harmonic mean of precision and recall; null if both are undefined
 * @property {number} support number of images of this class
 */

/**
 * Compute the metrics of each class.
 * @param {string[]} labels
 * @param {number[][]} matrix row = true class, column = predicted class
 * @returns {ClassMetrics[]}
 */
export function classMetrics(labels, matrix) {
  return labels.map((label, k) => {
    const correct = matrix[k][k];
    const support = sum(matrix[k]);
    const predicted = sum(matrix.map((row) => row[k]));
    return {
      label,
      precision: predicted ? correct / predicted : null,
      recall: support ? correct / support : null,
      // This form of the harmonic mean is defined even if precision or recall is not.
      f1: predicted + support ? (2 * correct) / (predicted + support) : null,
      support,
    };
  });
}

/**
 * Return the unweighted mean over the classes with images; an undefined precision or F1 counts as 0.
 * @param {ClassMetrics[]} metrics
 * @returns {ClassMetrics}
 */
export function macroMean(metrics) {
  const present = metrics.filter((each) => each.support > 0);
  /** @param {'precision' | 'recall' | 'f1'} name */
  const mean = (name) => (present.length ? sum(present.map((each) => each[name] ?? 0)) / present.length : null);
  return {
    label: "Mean of classes",
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
    support: sum(metrics.map((each) => each.support)),
  };
}

/**
 * Show the report as a table.
 * @param {HTMLElement} parent
 * @param {{labels: string[], matrix: number[][]}} options
 */
export function renderClassReport(parent, { labels, matrix }) {
  const metrics = classMetrics(labels, matrix);
  const recalls = metrics.map((each) => each.recall ?? 1);
  const lowest = Math.min(...recalls);
  const table = element("table", { className: "table table-sm class-report" });
  table.append(
    element("caption", { className: "visually-hidden" }, "Precision, recall, F1 and support of each class"),
    element("thead", {}, createHeadings()),
    element("tbody", {}, ...metrics.map((each) => createRow(each, lowest < 1 && each.recall === lowest))),
    element("tfoot", {}, createRow(macroMean(metrics), false)),
  );
  parent.replaceChildren(table);
}

const COLUMNS = [
  ["Class", "The true class"],
  ["Precision", "Percentage of the images predicted as this class that are of this class"],
  ["Recall", "Percentage of the images of this class that are predicted as this class"],
  ["F1", "The harmonic mean of precision and recall"],
  ["Images", "Number of images of this class"],
];

function createHeadings() {
  return element(
    "tr",
    {},
    ...COLUMNS.map(([name, meaning], column) =>
      element("th", { scope: "col", title: meaning, className: column ? "num" : "" }, name),
    ),
  );
}

/**
 * @param {ClassMetrics} metrics
 * @param {boolean} hardest true if the class has the lowest recall
 */
function createRow(metrics, hardest) {
  const name = element("th", { scope: "row" }, metrics.label);
  if (hardest) name.append(" ", element("span", { className: "class-report-hardest" }, "hardest"));
  const precision = metrics.precision === null ? "never predicted" : percent(metrics.precision);
  return element(
    "tr",
    {},
    name,
    element("td", { className: "num" }, precision),
    element("td", { className: "num" }, percent(metrics.recall)),
    element("td", { className: "num" }, percent(metrics.f1)),
    element("td", { className: "num" }, count(metrics.support)),
  );
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
