/** Columns of the table of runs, each with the text and the sort value of its cells. */

import { cost, count, duration, percent } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive, runSeconds } from "../realtime/run_status.js";

/** @typedef {import("../../../types/api.js").Run} Run */

const startFormat = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

/** Return the sizes of the hidden layers. @param {Run} run */
function hiddenSizes(run) {
  const sizes = run.hyperparameters.hidden_sizes;
  return Array.isArray(sizes) ? sizes : [];
}

/** Return true if the optimizer finds each step size with a line search. @param {Run} run */
export function usesLineSearch(run) {
  return ["conjugate_gradient", "lbfgs"].includes(String(run.hyperparameters.optimizer));
}

/**
 * @typedef {object} Column
 * @property {string} name name in the URL
 * @property {string} title
 * @property {boolean} numeric
 * @property {(run: Run) => string} text
 * @property {(run: Run) => string | number | null} value sort value; null sorts last in both orders
 */

/**
 * Return a column of numbers.
 * @param {string} name
 * @param {string} title
 * @param {(run: Run) => string | number | null} value
 * @param {(run: Run) => string} text
 * @returns {Column}
 */
function numericColumn(name, title, value, text) {
  return { name, title, numeric: true, text, value };
}

/**
 * Return a column of text. Its sort order ignores case.
 * @param {string} name
 * @param {string} title
 * @param {(run: Run) => string} text
 * @returns {Column}
 */
function textColumn(name, title, text) {
  return { name, title, numeric: false, text, value: (run) => text(run).toLowerCase() };
}

/**
 * Return the columns of the table.
 * @param {Map<string, string>} titles titles of the data sets, by name
 * @returns {Column[]}
 */
export function createColumns(titles) {
  /** @param {Run} run */
  const dataset = (run) => titles.get(String(run.hyperparameters.dataset)) ?? String(run.hyperparameters.dataset);
  return [
    textColumn("name", "Name", (run) => run.name),
    textColumn("status", "Status", (run) => run.status),
    textColumn("dataset", "Data set", dataset),
    numericColumn(
      "layers",
      "Layers",
      (run) => run.parameter_count ?? hiddenSizes(run).length,
      (run) => hiddenSizes(run).join("–") || "none",
    ),
    textColumn("optimizer", "Optimizer", (run) => valueName(run.hyperparameters.optimizer)),
    numericColumn(
      "learning_rate",
      "Learning rate",
      (run) => (usesLineSearch(run) ? null : Number(run.hyperparameters.learning_rate)),
      (run) => (usesLineSearch(run) ? "–" : String(run.hyperparameters.learning_rate)),
    ),
    numericColumn(
      "epochs",
      "Epochs",
      (run) => run.epochs_completed,
      (run) => (isLive(run) ? `${run.epochs_completed} of ${run.hyperparameters.epochs}` : count(run.epochs_completed)),
    ),
    numericColumn(
      "test_accuracy",
      "Test",
      (run) => run.metrics?.test_accuracy ?? null,
      (run) => percent(run.metrics?.test_accuracy, 2),
    ),
    numericColumn(
      "validation_accuracy",
      "Best validation",
      (run) => run.best_metrics?.validation_accuracy ?? null,
      (run) => percent(run.best_metrics?.validation_accuracy, 2),
    ),
    numericColumn(
      "train_cost",
      "Train cost",
      (run) => run.metrics?.train_cost ?? null,
      (run) => cost(run.metrics?.train_cost),
    ),
    numericColumn(
      "started",
      "Started",
      (run) => Date.parse(run.started_at ?? run.created_at),
      (run) => (run.started_at === null ? "–" : startFormat.format(new Date(run.started_at))),
    ),
    numericColumn(
      "duration",
      "Duration",
      (run) => runSeconds(run),
      (run) => duration(runSeconds(run)),
    ),
  ];
}

export const COLUMN_NAMES = /** @type {const} */ ([
  "started",
  "name",
  "status",
  "dataset",
  "layers",
  "optimizer",
  "learning_rate",
  "epochs",
  "test_accuracy",
  "validation_accuracy",
  "train_cost",
  "duration",
]);

/**
 * Return the runs whose text contains every word of the filter, sorted by a column; ties are sorted newest first.
 * @param {Iterable<Run>} runs
 * @param {Column[]} columns
 * @param {{sort: string, order: "asc" | "desc", filter: string}} view
 */
export function filterAndSort(runs, columns, { sort, order, filter }) {
  const filterWords = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const column = columns.find(({ name }) => name === sort) ?? columns[0];
  const sign = order === "asc" ? 1 : -1;
  const found = [...runs].filter((run) => {
    const text = [...columns.map((each) => each.text(run)), run.notes, run.preset ?? ""].join(" ").toLowerCase();
    return filterWords.every((word) => text.includes(word));
  });
  const keyed = found.map((run) => ({ run, key: column.value(run) }));
  keyed.sort((a, b) => sign * compareSortValues(a.key, b.key, sign) || b.run.id - a.run.id);
  return keyed.map(({ run }) => run);
}

/**
 * Compare two sort values; null comes last in both orders.
 * @param {string | number | null} a
 * @param {string | number | null} b
 * @param {number} sign 1 for ascending, -1 for descending order
 */
function compareSortValues(a, b, sign) {
  if (a === null || b === null) return a === b ? 0 : sign * (a === null ? 1 : -1);
  if (typeof a === "string" || typeof b === "string")
    return String(a).localeCompare(String(b), "en", { numeric: true });
  return a - b;
}
