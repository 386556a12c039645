/**
 * Outcome of a run as text, with remedies that a person can try.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").EpochResult} EpochResult
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 *
 * @typedef {object} Outcome
 * @property {"info" | "success" | "warning" | "danger"} tone
 * @property {string} title
 * @property {string} text
 * @property {{label: string, changes: Hyperparameters}[]} remedies changes of hyperparameters that may help
 */

import { cost, count, counted, percent } from "../core/format.js";
import { exampleNoun, isRegression, isTable } from "../datasets/dataset_kind.js";
import { writeValue } from "../hyperparameters/field_value.js";
import { usesLineSearch } from "./run_columns.js";

/** Highest learning rate that a remedy suggests to a run that diverged. */
const MAX_SUGGESTED_RATE = 0.1;

/**
 * Return the outcome of a run, or null while the run is live.
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome | null}
 */
export function outcomeOf(run, epochs, dataset) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.status === "diverged") return divergedOutcome(run, epochs.last, dataset);
  if (run.status === "failed") {
    return {
      tone: "danger",
      title: "The run failed",
      text: run.error?.message ?? "",
      remedies: unchanged("Reuse these hyperparameters"),
    };
  }
  if (run.status === "interrupted") {
    const text = `${run.error?.message ?? ""} Its ${done} are stored.`.trim();
    return {
      tone: "warning",
      title: "The run was interrupted",
      text,
      remedies: unchanged("Reuse these hyperparameters"),
    };
  }
  if (run.status === "stopped") {
    const text = run.epochs_completed ? `Its ${done} are stored.` : "It had not completed an epoch.";
    return { tone: "info", title: "Stopped on request", text, remedies: [] };
  }
  return run.status === "finished" ? finishedOutcome(run, epochs, dataset) : null;
}

/** Return a list of one remedy, which reuses the hyperparameters of the run without a change. @param {string} label */
const unchanged = (label) => [{ label, changes: {} }];

/**
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome}
 */
function finishedOutcome(run, epochs, dataset) {
  const { title, reason } = describeEnd(run);
  return { tone: "success", title, text: `${reason}${describeResult(run, epochs, dataset)}`, remedies: [] };
}

/** Describe the end of a finished run. @param {Run} run */
function describeEnd(run) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.stop_reason === "early_stopping") {
    const reason = "Validation accuracy stopped improving. ";
    return { title: `Stopped early, after ${done}`, reason };
  }
  if (run.stop_reason === "converged") {
    const title = `Converged after ${counted(run.epochs_completed, "iteration")}`;
    return { title, reason: "No further step lowers the cost. " };
  }
  return { title: `Finished after ${done}`, reason: "" };
}

/**
 * Describe the best result in one sentence.
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 */
function describeResult(run, { best, last, columns }, dataset) {
  if (best) {
    const test = `${percent(best.test_accuracy)} test accuracy`;
    return `Epoch ${count(best.epoch)} has the highest validation accuracy: ${percent(best.validation_accuracy)}, with ${test}.`;
  }
  if (!last) return "";
  if (!isTable(dataset)) return `${percent(last.test_accuracy)} test accuracy after the last epoch.`;
  if (isRegression(dataset)) {
    return `The cost was ${cost(columns.train_cost[0])} in the first epoch and ${cost(last.train_cost)} in the last.`;
  }
  const size = run.train_size ?? 0;
  const correct = Math.round((last.train_accuracy ?? 0) * size);
  const examples = counted(size, exampleNoun(dataset));
  const amount = correct === size ? `All ${examples}` : `${count(correct)} of ${examples}`;
  return `${amount} correct in the last epoch, at a cost of ${cost(last.train_cost)}.`;
}

/**
 * @param {Run} run
 * @param {EpochResult | null} last
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome}
 */
function divergedOutcome(run, last, dataset) {
  const epoch = last?.epoch ?? 1;
  const notFinite = !last || last.train_cost === null;
  const reason = usesLineSearch(run)
    ? "the weights were too large for the line search"
    : "the steps were so large that the weights grew without limit";
  const cause = notFinite
    ? `The cost became NaN or infinite in epoch ${epoch}: ${reason}.`
    : `The cost in epoch ${epoch} was more than ${writeValue(run.hyperparameters.divergence_factor)} times that of the first batch: the steps were too large.`;
  const rate = Number(run.hyperparameters.learning_rate);
  const lower = Number(Math.min(rate / 10, MAX_SUGGESTED_RATE).toPrecision(6));
  const remedies = usesLineSearch(run)
    ? [{ label: "Start from smaller weights", changes: { initializer: "glorot" } }]
    : [{ label: `Lower the learning rate to ${lower}`, changes: { learning_rate: lower } }];
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
