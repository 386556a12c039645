import assert from "node:assert/strict";
import { test } from "node:test";
import { EpochSeries } from "../../../static/js/realtime/epoch_series.js";

/**
 * @param {number} epoch
 * @param {number | null} accuracy
 * @param {number} cost
 */
const result = (epoch, accuracy, cost) => ({
  epoch,
  train_cost: cost,
  train_accuracy: 0.5,
  validation_cost: accuracy === null ? null : cost,
  validation_accuracy: accuracy,
  test_cost: cost,
  test_accuracy: 0.5,
  learning_rate: 0.1,
  gradient_evaluations: 10 * epoch,
  elapsed_seconds: epoch,
  images_per_second: 100,
  non_finite: [],
});

test("a series contains each epoch once and in order", () => {
  const series = new EpochSeries();
  for (const epoch of [1, 1, 3, 2, 2, 3]) series.append(result(epoch, null, 1));
  assert.deepEqual(series.epochs, [1, 2, 3]);
  assert.deepEqual(series.evaluations, [10, 20, 30]);
});

test("the best epoch has the highest validation accuracy, then the lowest cost", () => {
  const series = new EpochSeries();
  series.append(result(1, 0.8, 0.5));
  series.append(result(2, 0.9, 0.4));
  series.append(result(3, 0.9, 0.3));
  series.append(result(4, 0.9, 0.35));
  assert.equal(series.best?.epoch, 3);
});

test("without a validation split there is no best epoch", () => {
  const series = new EpochSeries();
  series.append(result(1, null, 0.5));
  assert.equal(series.best, null);
  assert.equal(series.splits.validation, false);
});
