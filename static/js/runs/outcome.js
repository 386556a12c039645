/**
 * Outcome of a run in plain words, and what to try next.
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
 * @property {{label: string, changes: Hyperparameters}[]} remedies changes of the form that may help
 */

import { cost, count, counted, percent } from "../core/format.js";
import { exampleNoun, isRegression, isTable } from "../datasets/dataset_kind.js";
import { writeValue } from "../hyperparameters/field_value.js";
import { searches } from "./run_columns.js";

/** A tenth of an absurd learning rate is still absurd; from here on a network of this kind may learn. */
const LARGEST_USUAL_RATE = 0.1;

/**
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome | null} null while there is nothing to say
 */
export function outcomeOf(run, epochs, dataset) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.status === "diverged") return diverged(run, epochs.last, dataset);
  if (run.status === "failed") {
    return {
      tone: "danger",
      title: "The run failed",
      text: run.error?.message ?? "",
      remedies: again("Reuse these hyperparameters"),
    };
  }
  if (run.status === "interrupted") {
    const text = `${run.error?.message ?? ""} Its ${done} are stored.`.trim();
    return { tone: "warning", title: "The run was interrupted", text, remedies: again("Reuse these hyperparameters") };
  }
  if (run.status === "stopped") {
    const text = run.epochs_completed ? `Its ${done} are stored.` : "It had not completed an epoch.";
    return { tone: "info", title: "Stopped on request", text, remedies: [] };
  }
  return run.status === "finished" ? finished(run, epochs, dataset) : null;
}

/** @param {string} label */
const again = (label) => [{ label, changes: {} }];

/**
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome}
 */
function finished(run, epochs, dataset) {
  const { title, why } = ending(run);
  return { tone: "success", title, text: `${why}${achievement(run, epochs, dataset)}`, remedies: [] };
}

/** @param {Run} run */
function ending(run) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.stop_reason === "early_stopping") {
    const why = "Validation accuracy stopped improving. ";
    return { title: `Stopped early, after ${done}`, why };
  }
  if (run.stop_reason === "converged") {
    const title = `Converged after ${counted(run.epochs_completed, "iteration")}`;
    return { title, why: "No further step lowers the cost. " };
  }
  return { title: `Finished after ${done}`, why: "" };
}

/**
 * What was reached, in a sentence.
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {DatasetInfo | undefined} dataset
 */
function achievement(run, { best, last, columns }, dataset) {
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
  const right = Math.round((last.train_accuracy ?? 0) * size);
  const examples = counted(size, exampleNoun(dataset));
  const share = right === size ? `All ${examples}` : `${count(right)} of ${examples}`;
  return `${share} correct in the last epoch, at a cost of ${cost(last.train_cost)}.`;
}

/**
 * @param {Run} run
 * @param {EpochResult | null} last
 * @param {DatasetInfo | undefined} dataset
 * @returns {Outcome}
 */
function diverged(run, last, dataset) {
  const epoch = last?.epoch ?? 1;
  const notFinite = !last || last.train_cost === null;
  const why = searches(run)
    ? "the weights were too large for the line search"
    : "the steps were so large that the weights grew without limit";
  const what = notFinite
    ? `The cost became NaN or infinite in epoch ${epoch}: ${why}.`
    : `The cost in epoch ${epoch} was more than ${writeValue(run.hyperparameters.divergence_factor)} times that of the first batch: the steps were too large.`;
  const rate = Number(run.hyperparameters.learning_rate);
  const lower = Number(Math.min(rate / 10, LARGEST_USUAL_RATE).toPrecision(6));
  const remedies = searches(run)
    ? [{ label: "Start from smaller weights", changes: { initializer: "glorot" } }]
    : [{ label: `Lower the learning rate to ${lower}`, changes: { learning_rate: lower } }];
  const unscaled = remedyOfScaling(run.hyperparameters, dataset);
  const hint = unscaled ? ` ${unscaled.hint}` : "";
  return {
    tone: "danger",
    title: "The run diverged",
    text: `${what}${hint}`,
    remedies: unscaled ? [unscaled, ...remedies] : remedies,
  };
}

/**
 * What would help where the numbers that the network is given are as large as they came.
 * @param {Hyperparameters} values
 * @param {DatasetInfo | undefined} dataset
 * @returns {{hint: string, label: string, changes: Hyperparameters} | null}
 */
function remedyOfScaling({ input_scaling: inputs, target_scaling: targets }, dataset) {
  if (isRegression(dataset)) {
    if (inputs === "standardize" && targets === "standardize") return null;
    return {
      hint: "Inputs and targets far from 0 make every step longer.",
      label: "Standardize inputs and targets",
      changes: { input_scaling: "standardize", target_scaling: "standardize" },
    };
  }
  if (inputs !== "none" || isTable(dataset)) return null;
  return {
    hint: "Pixels that are not scaled make every step longer.",
    label: "Scale the pixels to 0…1",
    changes: { input_scaling: "unit" },
  };
}
