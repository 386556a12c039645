/** Columns of the table of runs. The server formats the same texts to search them (webapp/runs/row_text.py). */

import { cost, count, duration, percent } from "../core/format.js";
import { verdictText } from "../diagnosis/verdict.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive, runSeconds } from "../realtime/run_status.js";

/**
 * @import {Run, RunSortKey} from "../../../types/api.js"
 * @typedef {ReadonlyMap<string, string>} Titles titles of the data sets, by name
 *
 * @typedef {object} Column
 * @property {RunSortKey} name name in the URL
 * @property {string} title
 * @property {boolean} [numeric] true if the column is aligned to the right, and first sorted in descending order
 * @property {(run: Run, titles: Titles) => string} text
 */

const startFormat = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

/** Return true if the optimizer finds each step size with a line search. @param {Run} run */
export function usesLineSearch(run) {
  return ["conjugate_gradient", "lbfgs"].includes(String(run.hyperparameters.optimizer));
}

/** Return the title of the data set. @param {Run} run @param {Titles} titles */
function dataset({ hyperparameters: { dataset: name } }, titles) {
  return titles.get(String(name)) ?? String(name);
}

/** Return the sizes of the hidden layers: "128–64". @param {Run} run */
function layers({ hyperparameters: { hidden_sizes: sizes } }) {
  return (Array.isArray(sizes) && sizes.join("–")) || "none";
}

/** @param {Run} run */
function learningRate(run) {
  return usesLineSearch(run) ? "–" : valueName(run.hyperparameters.learning_rate);
}

/** Return the completed epochs, with the number of all epochs while the run can continue. @param {Run} run */
function epochs(run) {
  const completed = count(run.epochs_completed);
  return isLive(run) ? `${completed} of ${count(Number(run.hyperparameters.epochs))}` : completed;
}

/** @param {Run} run */
function started(run) {
  return run.started_at === null ? "–" : startFormat.format(new Date(run.started_at));
}

/** @type {readonly Column[]} */
export const COLUMNS = [
  { name: "name", title: "Name", text: (run) => run.name },
  { name: "status", title: "Status", text: (run) => run.status },
  { name: "diagnosis", title: "Diagnosis", text: verdictText },
  { name: "dataset", title: "Data set", text: dataset },
  { name: "layers", title: "Layers", numeric: true, text: layers },
  { name: "optimizer", title: "Optimizer", text: (run) => valueName(run.hyperparameters.optimizer) },
  { name: "learning_rate", title: "Learning rate", numeric: true, text: learningRate },
  { name: "epochs", title: "Epochs", numeric: true, text: epochs },
  { name: "test_accuracy", title: "Test", numeric: true, text: (run) => percent(run.metrics?.test_accuracy, 2) },
  {
    name: "validation_accuracy",
    title: "Best validation",
    numeric: true,
    text: (run) => percent(run.best_metrics?.validation_accuracy, 2),
  },
  { name: "train_cost", title: "Train cost", numeric: true, text: (run) => cost(run.metrics?.train_cost) },
  { name: "started", title: "Started", numeric: true, text: started },
  { name: "duration", title: "Duration", numeric: true, text: (run) => duration(runSeconds(run)) },
];

/** Names of the columns; the first is the default order. */
export const COLUMN_NAMES = [...new Set(/** @type {RunSortKey[]} */ (["started", ...COLUMNS.map(({ name }) => name)]))];
