/** Precision, recall, F1 and support of each class, from the confusion matrix. */
import { element } from "../core/dom.js";
import { count, percent } from "../core/format.js";

/**
 * @typedef {object} ClassFigures
 * @property {string} label
 * @property {number | null} precision right among those predicted as this class; null when it was never predicted
 * @property {number | null} recall right among those truly of this class; null when there are none
 * @property {number | null} f1 harmonic mean of the two; null when neither can be told
 * @property {number} support images truly of this class
 */

/**
 * @param {string[]} labels
 * @param {number[][]} matrix row = true class, column = predicted class
 * @returns {ClassFigures[]}
 */
export function classMetrics(labels, matrix) {
  return labels.map((label, k) => {
    const right = matrix[k][k];
    const support = sum(matrix[k]);
    const predicted = sum(matrix.map((row) => row[k]));
    return {
      label,
      precision: predicted ? right / predicted : null,
      recall: support ? right / support : null,
      // The harmonic mean of precision and recall, written so that it holds when one of them cannot be told.
      f1: predicted + support ? (2 * right) / (predicted + support) : null,
      support,
    };
  });
}

/**
 * The mean over the classes, each counting the same, a class that was never predicted counting 0.
 * @param {ClassFigures[]} figures
 * @returns {ClassFigures}
 */
export function macroMean(figures) {
  const known = figures.filter((figure) => figure.support > 0);
  /** @param {'precision' | 'recall' | 'f1'} name */
  const mean = (name) => (known.length ? sum(known.map((figure) => figure[name] ?? 0)) / known.length : null);
  return {
    label: "Mean of classes",
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
    support: sum(figures.map((figure) => figure.support)),
  };
}

/**
 * Draw the report as a table.
 * @param {HTMLElement} parent
 * @param {{labels: string[], matrix: number[][]}} options
 */
export function renderClassReport(parent, { labels, matrix }) {
  const figures = classMetrics(labels, matrix);
  const recalls = figures.map((figure) => figure.recall ?? 1);
  const lowest = Math.min(...recalls);
  const table = element("table", { className: "table table-sm class-report" });
  table.append(
    element("caption", { className: "visually-hidden" }, "Precision, recall, F1 and support of each class"),
    element("thead", {}, headings()),
    element("tbody", {}, ...figures.map((figure) => row(figure, lowest < 1 && figure.recall === lowest))),
    element("tfoot", {}, row(macroMean(figures), false)),
  );
  parent.replaceChildren(table);
}

const MEANINGS = [
  ["Class", "The true class"],
  ["Precision", "Of the images predicted as this class, the share that is right"],
  ["Recall", "Of the images truly of this class, the share that was found"],
  ["F1", "The harmonic mean of precision and recall"],
  ["Images", "Images truly of this class"],
];

function headings() {
  return element(
    "tr",
    {},
    ...MEANINGS.map(([name, meaning], column) =>
      element("th", { scope: "col", title: meaning, className: column ? "num" : "" }, name),
    ),
  );
}

/**
 * @param {ClassFigures} figure
 * @param {boolean} hardest
 */
function row(figure, hardest) {
  const name = element("th", { scope: "row" }, figure.label);
  if (hardest) name.append(" ", element("span", { className: "class-report-hardest" }, "hardest"));
  const precision = figure.precision === null ? "never predicted" : percent(figure.precision);
  return element(
    "tr",
    {},
    name,
    element("td", { className: "num" }, precision),
    element("td", { className: "num" }, percent(figure.recall)),
    element("td", { className: "num" }, percent(figure.f1)),
    element("td", { className: "num" }, count(figure.support)),
  );
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
