/**
 * Outcome of a run as text, with remedies that a person can try, and the callout that shows it.
 *
 * @import {DatasetInfo, EpochResult, Hyperparameters, Run} from "../../../types/api.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 *
 * @typedef {object} Outcome
 * @property {"secondary" | "info" | "warning" | "danger"} tone
 * @property {string} title
 * @property {string} text
 * @property {{label: string, changes: Hyperparameters}[]} remedies changes of hyperparameters that may help
 */

import { cost, count, counted, percent } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { exampleNoun, isRegression, isTable } from "../datasets/dataset_kind.js";
import { valueName } from "../hyperparameters/display_names.js";
import { writeValue } from "../hyperparameters/field_value.js";
import { isLive } from "../realtime/run_status.js";
import { usesLineSearch } from "./run_columns.js";

/** Highest learning rate that a remedy suggests to a run that diverged. */
const MAX_SUGGESTED_RATE = 0.1;

/**
 * Return the outcome of a run, or the result so far while it is live.
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 * @param {string} [wait] reason why the run is queued
 * @returns {Outcome}
 */
export function outcomeOf(run, epochs, dataset, wait = "Training starts when a worker is free.") {
  const stored = `Its ${counted(run.epochs_completed, "epoch")} ${run.epochs_completed === 1 ? "is" : "are"} stored.`;
  const reuse = [{ label: "Reuse these hyperparameters", changes: {} }];
  const problem = run.error?.message ?? "";
  switch (run.status) {
    case "queued":
      return { tone: "secondary", title: "Queued", text: wait, remedies: [] };
    case "running":
    case "paused": {
      const text = describeResult(run, epochs, dataset) || "The first epoch is in progress.";
      return { tone: "secondary", title: run.status === "paused" ? "Paused" : "Training", text, remedies: [] };
    }
    case "stopped": {
      const text = run.epochs_completed ? stored : "It had not completed an epoch.";
      return { tone: "info", title: "Stopped on request", text, remedies: [] };
    }
    case "interrupted": {
      const text = `${problem} ${stored}`.trim();
      return { tone: "warning", title: "The run was interrupted", text, remedies: reuse };
    }
    case "failed":
      return { tone: "danger", title: "The run failed", text: problem, remedies: reuse };
    case "diverged":
      return divergedOutcome(run, run.metrics, dataset);
    case "finished": {
      const { title, reason } = describeEnd(run);
      return { tone: "secondary", title, text: `${reason}${describeResult(run, epochs, dataset)}`, remedies: [] };
    }
  }
}

/** Describe the end of a finished run. @param {Run} run */
function describeEnd(run) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.stop_reason === "early_stopping") {
    return { title: `Stopped early, after ${done}`, reason: "Validation accuracy stopped improving. " };
  }
  if (run.stop_reason === "converged") {
    const title = `Converged after ${counted(run.epochs_completed, "iteration")}`;
    return { title, reason: "No further step lowers the cost. " };
  }
  return { title: `Finished after ${done}`, reason: "" };
}

/**
 * Describe the best result in one sentence, or return an empty text before the first epoch. The run contains the
 * metrics of its end, so that an ended run can be described before its epochs are loaded.
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 */
function describeResult(run, epochs, dataset) {
  const live = isLive(run);
  const [best, last] = live ? [epochs.best, epochs.last] : [run.best_metrics, run.metrics];
  if (best) {
    const test = `${percent(best.test_accuracy, 2)} test accuracy`;
    const highest = `the highest validation accuracy${live ? " so far" : ""}: ${percent(best.validation_accuracy, 2)}`;
    return `Epoch ${count(best.epoch)} has ${highest}, with ${test}.`;
  }
  if (!last) return "";
  const epoch = live ? `epoch ${count(last.epoch)}` : "the last epoch";
  if (!isTable(dataset)) return `${percent(last.test_accuracy, 2)} test accuracy after ${epoch}.`;
  if (isRegression(dataset)) {
    const first = epochs.columns.train_cost[0];
    const start = first === undefined ? "" : `${cost(first)} in the first epoch and `;
    return `The cost was ${start}${cost(last.train_cost)} in ${live ? epoch : "the last"}.`;
  }
  const size = run.train_size ?? 0;
  const correct = Math.round((last.train_accuracy ?? 0) * size);
  const examples = counted(size, exampleNoun(dataset));
  const amount = correct === size ? `All ${examples}` : `${count(correct)} of ${examples}`;
  return `${amount} correct in ${epoch}, at a cost of ${cost(last.train_cost)}.`;
}

/**
 * @param {Run} run
 * @param {EpochResult | null} last
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome}
 */
function divergedOutcome(run, last, dataset) {
  const epoch = count(last?.epoch ?? 1);
  const notFinite = !last || last.train_cost === null;
  const reason = usesLineSearch(run)
    ? "the weights were too large for the line search"
    : "the steps were so large that the weights grew without limit";
  const cause = notFinite
    ? `The cost became NaN or infinite in epoch ${epoch}: ${reason}.`
    : `The cost in epoch ${epoch} was more than ${valueName(run.hyperparameters.divergence_factor)} times that of the first batch: the steps were too large.`;
  const rate = Number(run.hyperparameters.learning_rate);
  const lower = Number(Math.min(rate / 10, MAX_SUGGESTED_RATE).toPrecision(6));
  const remedies = usesLineSearch(run)
    ? [{ label: "Start from smaller weights", changes: { initializer: "glorot" } }]
    : [{ label: `Lower the learning rate to ${writeValue(lower)}`, changes: { learning_rate: lower } }];
  const unscaled = scalingRemedy(run.hyperparameters, dataset);
  const hint = unscaled ? ` ${unscaled.hint}` : "";
  return {
    tone: "danger",
    title: "The run diverged",
    text: `${cause}${hint}`,
    remedies: unscaled ? [unscaled, ...remedies] : remedies,
  };
}

/**
 * Return the remedy for unscaled inputs or targets, or null if they are scaled.
 * @param {Hyperparameters} values
 * @param {DatasetInfo | undefined} dataset
 * @returns {{hint: string, label: string, changes: Hyperparameters} | null}
 */
function scalingRemedy({ input_scaling: inputs, target_scaling: targets }, dataset) {
  if (isRegression(dataset)) {
    if (inputs === "standardize" && targets === "standardize") return null;
    return {
      hint: "Inputs and targets far from 0 make every step larger.",
      label: "Standardize inputs and targets",
      changes: { input_scaling: "standardize", target_scaling: "standardize" },
    };
  }
  if (inputs !== "none" || isTable(dataset)) return null;
  return {
    hint: "Pixels that are not scaled make every step larger.",
    label: "Scale the pixels to 0…1",
    changes: { input_scaling: "unit" },
  };
}

/**
 * Show an outcome with a button for each remedy.
 * @param {HTMLElement} root
 * @param {Outcome} outcome
 * @param {(changes: Hyperparameters) => void} onRemedy
 * @param {string} href address of the run page, or an empty text on this page
 */
export function renderOutcome(root, { tone, title, text, remedies }, onRemedy, href) {
  root.hidden = false;
  root.className = `alert alert-${tone} hstack flex-wrap column-gap-4 row-gap-2 outcome`;
  const remedy = (/** @type {Outcome["remedies"][number]} */ { label, changes }) =>
    html`<button type="button" class="btn btn-outline-secondary btn-sm" @click=${() => onRemedy(changes)}>${label}</button>`;
  const link = html`<a class="btn btn-outline-secondary btn-sm" href=${href}>Open the run</a>`;
  render(
    html`
      <div class="flex-grow-1">
        <h2 class="fs-6">${title}</h2>
        <p class="mb-0">${text}</p>
      </div>
      <div class="hstack flex-wrap gap-2">${remedies.map(remedy)} ${href ? link : nothing}</div>`,
    root,
  );
}
