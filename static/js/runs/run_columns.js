/** Columns of the table of runs. The server formats the same texts to search them (webapp/runs/row_text.py). */

import { cost, count, duration, percent } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive, runSeconds } from "../realtime/run_status.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").RunSortKey} RunSortKey
 *
 * @typedef {object} Column
 * @property {RunSortKey} name name in the URL
 * @property {string} title
 * @property {boolean} numeric true if the column is aligned to the right, and first sorted in descending order
 * @property {(run: Run) => string} text
 */

const startFormat = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

/** Names of the columns; the first is the default order. @type {readonly RunSortKey[]} */
export const COLUMN_NAMES = [
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
];

/** Return true if the optimizer finds each step size with a line search. @param {Run} run */
export function usesLineSearch(run) {
  return ["conjugate_gradient", "lbfgs"].includes(String(run.hyperparameters.optimizer));
}

/** Return the sizes of the hidden layers: "128–64". @param {Run} run */
function layers(run) {
  const sizes = run.hyperparameters.hidden_sizes;
  return (Array.isArray(sizes) && sizes.join("–")) || "none";
}

/** Return the completed epochs, with the number of all epochs while the run can continue. @param {Run} run */
function epochs(run) {
  return isLive(run) ? `${run.epochs_completed} of ${run.hyperparameters.epochs}` : count(run.epochs_completed);
}

/**
 * Return a column of the table.
 * @param {RunSortKey} name
 * @param {string} title
 * @param {Column["text"]} text
 * @returns {Column}
 */
const words = (name, title, text) => ({ name, title, numeric: false, text });

/**
 * Return a column of numbers.
 * @type {typeof words}
 */
const numbers = (name, title, text) => ({ name, title, numeric: true, text });

/**
 * Return the columns of the table.
 * @param {Map<string, string>} titles titles of the data sets, by name
 * @returns {Column[]}
 */
export function createColumns(titles) {
  return [
    words("name", "Name", (run) => run.name),
    words("status", "Status", (run) => run.status),
    words("dataset", "Data set", ({ hyperparameters: { dataset } }) => titles.get(String(dataset)) ?? String(dataset)),
    numbers("layers", "Layers", layers),
    words("optimizer", "Optimizer", (run) => valueName(run.hyperparameters.optimizer)),
    numbers("learning_rate", "Learning rate", (run) =>
      usesLineSearch(run) ? "–" : String(run.hyperparameters.learning_rate),
    ),
    numbers("epochs", "Epochs", epochs),
    numbers("test_accuracy", "Test", (run) => percent(run.metrics?.test_accuracy, 2)),
    numbers("validation_accuracy", "Best validation", (run) => percent(run.best_metrics?.validation_accuracy, 2)),
    numbers("train_cost", "Train cost", (run) => cost(run.metrics?.train_cost)),
    numbers("started", "Started", (run) =>
      run.started_at === null ? "–" : startFormat.format(new Date(run.started_at)),
    ),
    numbers("duration", "Duration", (run) => duration(runSeconds(run))),
  ];
}
