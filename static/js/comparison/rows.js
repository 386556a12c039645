/** Rows of the table that compares runs: their results, and the hyperparameters in which they differ. */

import { cost, count, percent } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { fieldApplies } from "../hyperparameters/field_value.js";
import { isLive } from "../realtime/run_status.js";

/**
 * @import {FieldInfo, Run} from "../../../types/api.js"
 * @typedef {{label: string, cells: string[]}} Row cells: one text for each run
 */

/** @type {{label: string, value: (run: Run) => number | null | undefined, format: (value: any) => string}[]} */
const RESULTS = [
  {
    label: "Best validation accuracy",
    value: (run) => run.best_metrics?.validation_accuracy,
    format: (value) => percent(value, 2),
  },
  {
    label: "Test accuracy, last epoch",
    value: (run) => run.metrics?.test_accuracy,
    format: (value) => percent(value, 2),
  },
  { label: "Training cost, last epoch", value: (run) => run.metrics?.train_cost, format: cost },
  { label: "Gradient evaluations", value: (run) => run.metrics?.gradient_evaluations, format: count },
];

/**
 * Return the results that at least one run has, and the completed epochs.
 * @param {readonly Run[]} runs
 * @returns {Row[]}
 */
export function resultRows(runs) {
  const results = RESULTS.filter(({ value }) => runs.some((run) => typeof value(run) === "number"));
  return [
    ...results.map(({ label, value, format }) => ({ label, cells: runs.map((run) => format(value(run))) })),
    {
      label: "Epochs completed",
      cells: runs.map((run) => count(run.epochs_completed) + (isLive(run) ? " so far" : "")),
    },
  ];
}

/**
 * Return the hyperparameters in which the runs differ. A run to which one does not apply, such as the batch size of
 * full-batch training, has a dash.
 * @param {readonly Run[]} runs
 * @param {readonly Pick<FieldInfo, "name" | "label" | "choice_names" | "applies_when">[]} fields
 * @returns {Row[]}
 */
export function differenceRows(runs, fields) {
  const rows = fields.map((field) => ({
    label: field.label,
    cells: runs.map(({ hyperparameters: values }) =>
      fieldApplies(field, values) ? valueName(values[field.name] ?? "–", field.choice_names) : "–",
    ),
  }));
  return rows.filter(({ cells }) => new Set(cells).size > 1);
}
