import assert from "node:assert/strict";
import { test } from "node:test";
import { EpochSeries } from "../../../static/js/realtime/epoch_series.js";
import { outcomeOf } from "../../../static/js/runs/outcome.js";
import { exampleDataset, exampleEpoch, exampleRun } from "../support/example_run.js";

const IMAGES = exampleDataset({ kind: "images", task: "classification" });
const GATE = exampleDataset({ kind: "table", task: "classification" });
const CURVE = exampleDataset({ kind: "table", task: "regression" });

/** @param {Partial<import("../../../types/api.js").EpochResult>[]} results */
function seriesOf(...results) {
  const series = new EpochSeries();
  results.forEach((result, index) => {
    series.append(exampleEpoch({ epoch: index + 1, ...result }));
  });
  return series;
}

test("a live run reports its best epoch so far", () => {
  const run = exampleRun({ status: "running" });
  assert.equal(outcomeOf(run, seriesOf(), IMAGES).text, "The first epoch is in progress.");
  const series = seriesOf({ validation_accuracy: 0.9, test_accuracy: 0.8 }, { validation_accuracy: 0.7 });
  const { tone, title, text } = outcomeOf(run, series, IMAGES);
  assert.deepEqual([tone, title], ["secondary", "Training"]);
  assert.equal(text, "Epoch 1 has the highest validation accuracy so far: 90.00%, with 80.00% test accuracy.");
  assert.equal(outcomeOf(exampleRun({ status: "paused" }), series, IMAGES).title, "Paused");
  assert.equal(outcomeOf(exampleRun({ status: "queued" }), seriesOf(), IMAGES).title, "Queued");
});

test("a finished run is described before its epochs are loaded", () => {
  const best_metrics = exampleEpoch({ epoch: 4, validation_accuracy: 0.95, test_accuracy: 0.94 });
  const outcome = outcomeOf(exampleRun({ best_metrics }), seriesOf(), IMAGES);
  assert.equal(outcome.title, "Finished after 10 epochs");
  assert.equal(outcome.text, "Epoch 4 has the highest validation accuracy: 95.00%, with 94.00% test accuracy.");
});

test("the color of a finished run does not depend on its result", () => {
  const [poor, good] = [0.05, 0.98].map((accuracy) => {
    const best_metrics = exampleEpoch({ validation_accuracy: accuracy, test_accuracy: accuracy });
    return outcomeOf(exampleRun({ best_metrics }), seriesOf(), IMAGES);
  });
  assert.deepEqual([poor.tone, good.tone], ["secondary", "secondary"]);
  assert.match(poor.text, /with 5\.00% test accuracy/);
});

test("the reason of an early end is the title", () => {
  const early = outcomeOf(exampleRun({ stop_reason: "early_stopping" }), seriesOf(), IMAGES);
  assert.equal(early.title, "Stopped early, after 10 epochs");
  assert.match(early.text, /Validation accuracy stopped improving/);
  const converged = outcomeOf(exampleRun({ stop_reason: "converged", epochs_completed: 1 }), seriesOf(), CURVE);
  assert.equal(converged.title, "Converged after 1 iteration");
});

test("a run without a validation split reports its last epoch", () => {
  const metrics = exampleEpoch({ epoch: 10, test_accuracy: 0.5 });
  assert.equal(
    outcomeOf(exampleRun({ metrics }), seriesOf(), IMAGES).text,
    "50.00% test accuracy after the last epoch.",
  );
});

test("a regression reports its first and last cost", () => {
  const metrics = exampleEpoch({ train_cost: 0.25 });
  const run = exampleRun({ metrics });
  const series = seriesOf({ train_cost: 2 }, { train_cost: 0.25 });
  assert.equal(outcomeOf(run, series, CURVE).text, "The cost was 2.000 in the first epoch and 0.2500 in the last.");
  assert.equal(outcomeOf(run, seriesOf(), CURVE).text, "The cost was 0.2500 in the last.");
});

test("a classification of a table reports the correct examples", () => {
  const metrics = exampleEpoch({ train_accuracy: 0.75, train_cost: 0.5 });
  const run = exampleRun({ metrics, train_size: 4 });
  assert.equal(
    outcomeOf(run, seriesOf(), GATE).text,
    "3 of 4 examples correct in the last epoch, at a cost of 0.5000.",
  );
  const perfect = exampleRun({ metrics: exampleEpoch({ train_accuracy: 1 }), train_size: 4 });
  assert.match(outcomeOf(perfect, seriesOf(), GATE).text, /^All 4 examples correct/);
});

test("a diverged run names the epoch and the cause", () => {
  const hyperparameters = { dataset: "digits", optimizer: "sgd", learning_rate: 0.5 };
  const metrics = exampleEpoch({ epoch: 3, train_cost: null });
  const { tone, text } = outcomeOf(exampleRun({ status: "diverged", hyperparameters, metrics }), seriesOf(), IMAGES);
  assert.equal(tone, "danger");
  assert.equal(
    text,
    "The cost became NaN or infinite in epoch 3: the steps were so large that the weights grew without limit.",
  );
});

test("numbers of a diverged run have thousands separators", () => {
  const hyperparameters = { dataset: "digits", optimizer: "sgd", learning_rate: 0.2, divergence_factor: 1000 };
  const metrics = exampleEpoch({ epoch: 1700, train_cost: 1984 });
  const { text } = outcomeOf(exampleRun({ status: "diverged", hyperparameters, metrics }), seriesOf(), IMAGES);
  assert.match(text, /^The cost in epoch 1,700 was more than 1,000 times that of the first batch/);
});

test("other ends are reported with their reason", () => {
  const error = { code: "killed", message: "The process was killed." };
  const interrupted = outcomeOf(exampleRun({ status: "interrupted", error, epochs_completed: 1 }), seriesOf(), IMAGES);
  assert.equal(interrupted.text, "The process was killed. Its 1 epoch is stored.");
  assert.equal(interrupted.canReuse, true);
  assert.equal(outcomeOf(exampleRun({ status: "failed", error }), seriesOf(), IMAGES).text, "The process was killed.");
  const stopped = outcomeOf(exampleRun({ status: "stopped", epochs_completed: 0 }), seriesOf(), IMAGES);
  assert.equal(stopped.text, "It had not completed an epoch.");
});
