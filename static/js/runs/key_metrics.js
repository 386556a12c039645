/**
 * Key metrics of a run, each with its split.
 *
 * @import {Run} from "../../../types/api.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 * @typedef {{name: string, value: string, meaning: string}} Metric
 */

import { cost, count, duration, percent } from "../core/format.js";
import { html, render } from "../core/html.js";

/**
 * Return the key metrics. Before the epochs of a run are loaded, they are those that the run contains.
 * @param {Run} run
 * @param {Pick<EpochSeries, "best" | "last" | "splits">} epochs
 * @returns {Metric[]}
 */
export function keyMetrics(run, epochs) {
  const best = epochs.best ?? run.best_metrics;
  const last = epochs.last ?? run.metrics;
  const accuracy = (
    /** @type {string} */ name,
    /** @type {number | null | undefined} */ value,
    examples = "images",
  ) => ({
    name,
    value: percent(value, 2),
    meaning: `Fraction of correctly classified ${examples}`,
  });
  const ofBest = [
    {
      name: "Best epoch",
      value: count(best?.epoch),
      meaning: "Highest validation accuracy, then lowest validation cost; the test set is not used",
    },
    accuracy("Validation at best", best?.validation_accuracy, "validation images"),
    accuracy("Test at best", best?.test_accuracy, "test images"),
  ];
  const end = epochs.splits.test
    ? accuracy("Test at end", last?.test_accuracy, "test images")
    : {
        name: "Cost at end",
        value: cost(last?.train_cost),
        meaning: "Cost of the training examples in the last epoch",
      };
  const hasTrainAccuracy = last?.train_accuracy !== null;
  return [
    ...(best || epochs.splits.validation ? ofBest : []),
    end,
    ...(hasTrainAccuracy ? [accuracy("Train at end", last?.train_accuracy, "training examples")] : []),
    { name: "Time", value: duration(last?.elapsed_seconds), meaning: "Training and evaluation, without pauses" },
    { name: "Gradients", value: count(last?.gradient_evaluations), meaning: "Number of gradient evaluations" },
    { name: "Parameters", value: count(run.parameter_count), meaning: "Weights and biases" },
  ];
}

/**
 * Show the key metrics.
 * @param {HTMLElement} list the dl.metrics
 * @param {Run} run
 * @param {EpochSeries} epochs
 */
export function renderKeyMetrics(list, run, epochs) {
  const item = (/** @type {Metric} */ { name, value, meaning }) =>
    html`<div title=${meaning}><dt>${name}</dt><dd>${value}</dd></div>`;
  render(html`${keyMetrics(run, epochs).map(item)}`, list);
}
