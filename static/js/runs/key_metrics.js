/**
 * Key metrics of a run, each with its split.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 */

import { element } from "../core/dom.js";
import { cost, count, duration, percent } from "../core/format.js";

/**
 * Fill a list with the key metrics.
 * @param {HTMLElement} list the dl.metrics
 * @param {Run} run
 * @param {EpochSeries} epochs
 */
export function renderKeyMetrics(list, run, epochs) {
  const { best, last } = epochs;
  /** Name, value and meaning of each metric. @type {[string, string, string][]} */
  const metrics = best
    ? [
        [
          "Best epoch",
          String(best.epoch),
          "Highest validation accuracy, then lowest validation cost; the test set is not used",
        ],
        [
          "Validation at best",
          percent(best.validation_accuracy, 2),
          "Fraction of correctly classified validation images",
        ],
        ["Test at best", percent(best.test_accuracy, 2), "Fraction of correctly classified test images"],
      ]
    : [];
  if (epochs.splits.test)
    metrics.push(["Test at end", percent(last?.test_accuracy, 2), "Fraction of correctly classified test images"]);
  else metrics.push(["Cost at end", cost(last?.train_cost), "Cost of the training examples in the last epoch"]);
  if (last?.train_accuracy !== null)
    metrics.push([
      "Train at end",
      percent(last?.train_accuracy, 2),
      "Fraction of correctly classified training examples",
    ]);
  metrics.push(
    ["Time", duration(last?.elapsed_seconds), "Training and evaluation, without pauses"],
    ["Gradients", count(last?.gradient_evaluations), "Number of gradient evaluations"],
    ["Parameters", count(run.parameter_count), "Weights and biases"],
  );
  list.replaceChildren(
    ...metrics.map(([name, value, meaning]) =>
      element("div", { title: meaning }, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}
