/**
 * Outcome of a run as text: how it ended, or its result so far. The findings of its diagnosis are shown beside it.
 *
 * @import {DatasetInfo, EpochResult, Run} from "../../../types/api.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 * @import {Outcome} from "../findings/verdict_box.js"
 */

import { cost, count, counted, percent } from "../core/format.js";
import { exampleNoun, isRegression, isTable } from "../datasets/dataset_kind.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive } from "../realtime/run_status.js";
import { usesLineSearch } from "./run_columns.js";

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
  const problem = run.error?.message ?? "";
  switch (run.status) {
    case "queued":
      return { tone: "secondary", title: "Queued", text: wait };
    case "running":
    case "paused": {
      const text = describeResult(run, epochs, dataset) || "The first epoch is in progress.";
      return { tone: "secondary", title: run.status === "paused" ? "Paused" : "Training", text };
    }
    case "stopped": {
      const text = run.epochs_completed ? stored : "It had not completed an epoch.";
      return { tone: "info", title: "Stopped on request", text };
    }
    case "interrupted": {
      const text = `${problem} ${stored}`.trim();
      return { tone: "warning", title: "The run was interrupted", text, canReuse: true };
    }
    case "failed":
      return { tone: "danger", title: "The run failed", text: problem, canReuse: true };
    case "diverged":
      return divergedOutcome(run, run.metrics);
    case "finished": {
      const { title, reason } = describeEnd(run);
      return { tone: "secondary", title, text: `${reason}${describeResult(run, epochs, dataset)}` };
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
 * @returns {Outcome}
 */
function divergedOutcome(run, last) {
  const epoch = count(last?.epoch ?? 1);
  const notFinite = !last || last.train_cost === null;
  const reason = usesLineSearch(run)
    ? "the weights were too large for the line search"
    : "the steps were so large that the weights grew without limit";
  const cause = notFinite
    ? `The cost became NaN or infinite in epoch ${epoch}: ${reason}.`
    : `The cost in epoch ${epoch} was more than ${valueName(run.hyperparameters.divergence_factor)} times that of the first batch: the steps were too large.`;
  return { tone: "danger", title: "The run diverged", text: cause };
}
