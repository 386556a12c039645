/**
 * How a run ended, in plain words, and what to try next.
 *
 * @typedef {import("../../types/messages.js").Run} Run
 * @typedef {import("../../types/messages.js").EpochResult} EpochResult
 * @typedef {import("../../types/messages.js").Hyperparameters} Hyperparameters
 * @typedef {import("./epoch_series.js").EpochSeries} EpochSeries
 *
 * @typedef {object} Outcome
 * @property {"info" | "success" | "warning" | "danger"} tone
 * @property {string} title
 * @property {string} text
 * @property {{label: string, changes: Hyperparameters}[]} remedies changes of the form that may help
 */

import { count, counted, percent } from "./format.js";

/** A tenth of an absurd learning rate is still absurd; from here on a network of this kind may learn. */
const LARGEST_USUAL_RATE = 0.1;

/**
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @returns {Outcome | null} null while there is nothing to say
 */
export function outcomeOf(run, epochs) {
  const done = counted(run.epochs_completed, "epoch");
  if (run.status === "diverged") return diverged(run, epochs.last);
  if (run.status === "failed") {
    return {
      tone: "danger",
      title: "The run failed",
      text: run.error?.message ?? "",
      remedies: again("Fill in the form again"),
    };
  }
  if (run.status === "interrupted") {
    const text = `${run.error?.message ?? ""} What was stored until then, ${done}, is kept.`.trim();
    return { tone: "warning", title: "The run was interrupted", text, remedies: again("Fill in the form again") };
  }
  if (run.status === "stopped") {
    const text = run.epochs_completed ? `Its ${done} are kept.` : "It had not finished an epoch.";
    return { tone: "info", title: "Stopped on request", text, remedies: [] };
  }
  return run.status === "finished" ? finished(run, epochs, done) : null;
}

/** @param {string} label */
const again = (label) => [{ label, changes: {} }];

/**
 * @param {Run} run
 * @param {EpochSeries} epochs
 * @param {string} done
 * @returns {Outcome}
 */
function finished(run, epochs, done) {
  const { best, last } = epochs;
  const early = run.stop_reason === "early_stopping";
  const title = early ? `Stopped early, after ${done}` : `Finished after ${done}`;
  const why = early ? "The validation images had not been read better for a while. " : "";
  const { test_accuracy: test } = best ?? last ?? { test_accuracy: null };
  const text = best
    ? `${why}Epoch ${count(best.epoch)} is best by validation: ${percent(best.validation_accuracy)} of the validation images right, ${percent(test)} of the test images.`
    : `${why}${percent(test)} of the test images right after the last epoch.`;
  return { tone: "success", title, text, remedies: [] };
}

/**
 * @param {Run} run
 * @param {EpochResult | null} last
 * @returns {Outcome}
 */
function diverged(run, last) {
  const rate = Number(run.hyperparameters.learning_rate);
  const epoch = last?.epoch ?? 1;
  const notFinite = !last || last.train_cost === null;
  const what = notFinite
    ? `The cost became NaN or infinite in epoch ${epoch}: the steps were so long that the weights ran away.`
    : `The cost in epoch ${epoch} was more than ${run.hyperparameters.divergence_factor} times that of the first batch: the steps were too long.`;
  const unscaled = run.hyperparameters.input_scaling === "none";
  const hint = unscaled ? " Pixels that are not scaled make every step longer." : "";
  const lower = Number(Math.min(rate / 10, LARGEST_USUAL_RATE).toPrecision(6));
  const remedies = [{ label: `Lower the learning rate to ${lower}`, changes: { learning_rate: lower } }];
  if (unscaled)
    remedies.unshift({ label: "Scale the pixels to 0…1", changes: /** @type {any} */ ({ input_scaling: "unit" }) });
  return { tone: "danger", title: "The run diverged", text: `${what}${hint}`, remedies };
}
