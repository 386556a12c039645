/** Columns of the table of runs, each as text to show and a value to sort by. */

import { cost, count, duration, percent } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive, runSeconds } from "../realtime/run_status.js";

/** @typedef {import("../../../types/api.js").Run} Run */

const moments = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

/** @param {Run} run */
function sizes(run) {
  const given = run.hyperparameters.hidden_sizes;
  return Array.isArray(given) ? given : [];
}

/** True if the optimizer searches for the length of each step. @param {Run} run */
export function searches(run) {
  return ["conjugate_gradient", "lbfgs"].includes(String(run.hyperparameters.optimizer));
}

/**
 * @typedef {object} Column
 * @property {string} name in the address
 * @property {string} title
 * @property {boolean} numeric
 * @property {(run: Run) => string} text
 * @property {(run: Run) => string | number | null} value null sorts last, whichever the order
 */

/**
 * @param {string} name
 * @param {string} title
 * @param {(run: Run) => string | number | null} value
 * @param {(run: Run) => string} text
 * @returns {Column}
 */
function numeric(name, title, value, text) {
  return { name, title, numeric: true, text, value };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {(run: Run) => string} text
 * @returns {Column}
 */
function words(name, title, text) {
  return { name, title, numeric: false, text, value: (run) => text(run).toLowerCase() };
}

/**
 * The columns of the table.
 * @param {Map<string, string>} titles of data sets
 * @returns {Column[]}
 */
export function columns(titles) {
  /** @param {Run} run */
  const dataset = (run) => titles.get(String(run.hyperparameters.dataset)) ?? String(run.hyperparameters.dataset);
  return [
    words("name", "Name", (run) => run.name),
    words("status", "Status", (run) => run.status),
    words("dataset", "Data set", dataset),
    numeric(
      "layers",
      "Layers",
      (run) => run.parameter_count ?? sizes(run).length,
      (run) => sizes(run).join("–") || "none",
    ),
    words("optimizer", "Optimizer", (run) => valueName(run.hyperparameters.optimizer)),
    numeric(
      "learning_rate",
      "Learning rate",
      (run) => (searches(run) ? null : Number(run.hyperparameters.learning_rate)),
      (run) => (searches(run) ? "–" : String(run.hyperparameters.learning_rate)),
    ),
    numeric(
      "epochs",
      "Epochs",
      (run) => run.epochs_completed,
      (run) => (isLive(run) ? `${run.epochs_completed} of ${run.hyperparameters.epochs}` : count(run.epochs_completed)),
    ),
    numeric(
      "test_accuracy",
      "Test",
      (run) => run.metrics?.test_accuracy ?? null,
      (run) => percent(run.metrics?.test_accuracy, 2),
    ),
    numeric(
      "validation_accuracy",
      "Best validation",
      (run) => run.best_metrics?.validation_accuracy ?? null,
      (run) => percent(run.best_metrics?.validation_accuracy, 2),
    ),
    numeric(
      "train_cost",
      "Train cost",
      (run) => run.metrics?.train_cost ?? null,
      (run) => cost(run.metrics?.train_cost),
    ),
    numeric(
      "started",
      "Started",
      (run) => Date.parse(run.started_at ?? run.created_at),
      (run) => (run.started_at === null ? "–" : moments.format(new Date(run.started_at))),
    ),
    numeric(
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
 * The runs whose texts hold every word of `filter`, in order; runs that are equal are newest first.
 * @param {Iterable<Run>} runs
 * @param {Column[]} shown
 * @param {{sort: string, order: "asc" | "desc", filter: string}} view
 */
export function arrange(runs, shown, { sort, order, filter }) {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const column = shown.find(({ name }) => name === sort) ?? shown[0];
  const sign = order === "asc" ? 1 : -1;
  const found = [...runs].filter((run) => {
    const text = [...shown.map((each) => each.text(run)), run.notes, run.preset ?? ""].join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const keyed = found.map((run) => ({ run, key: column.value(run) }));
  keyed.sort((a, b) => sign * compare(a.key, b.key, sign) || b.run.id - a.run.id);
  return keyed.map(({ run }) => run);
}

/**
 * @param {string | number | null} a
 * @param {string | number | null} b
 * @param {number} sign
 */
function compare(a, b, sign) {
  if (a === null || b === null) return a === b ? 0 : sign * (a === null ? 1 : -1);
  if (typeof a === "string" || typeof b === "string")
    return String(a).localeCompare(String(b), "en", { numeric: true });
  return a - b;
}
