import assert from "node:assert/strict";
import { test } from "node:test";
import { describeProgress } from "../../../static/js/runs/progress.js";
import { exampleEpoch, exampleRun } from "../support/example_run.js";

const batch = { run_id: 1, epoch: 3, batch: 5, batches: 10, cost: 1, images_per_second: 2000, non_finite: [] };
const series = { epochs: [1, 2], last: exampleEpoch({ epoch: 2, elapsed_seconds: 4 }) };

test("a running run reports its epoch, batch and remaining time", () => {
  const progress = describeProgress(exampleRun({ status: "running" }), series, batch, "image");
  assert.equal(progress.epoch, "Epoch 3 of 10");
  assert.equal(progress.batch, "batch 5 of 10");
  assert.equal(progress.epochFraction, 0.5);
  assert.equal(progress.runFraction, 0.25);
  assert.equal(progress.time, "15 s");
  assert.equal(progress.speed, "2,000 images/s");
});

test("the progress of a completed epoch is ignored", () => {
  const progress = describeProgress(exampleRun({ status: "running" }), series, { ...batch, epoch: 2 }, "image");
  assert.deepEqual([progress.batch, progress.epochFraction], ["", 0]);
  assert.equal(progress.speed, "100 images/s");
});

test("an ended run reports its completed epochs and its time", () => {
  const stopped = describeProgress(exampleRun({ status: "stopped" }), series, batch, "image");
  assert.deepEqual([stopped.live, stopped.epoch, stopped.batch, stopped.time], [false, "2 of 10 epochs", "", "4.0 s"]);
  const all = { epochs: Array.from({ length: 10 }, (_, index) => index + 1), last: exampleEpoch() };
  assert.equal(describeProgress(exampleRun(), all, null, "image").epoch, "10 epochs");
});

test("during the first epoch, the remaining time comes from its mini-batches", () => {
  const none = { epochs: [], last: null };
  const first = { ...batch, epoch: 1, batch: 2, images_per_second: 50 };
  const run = exampleRun({ status: "running", train_size: 1000 });
  assert.equal(describeProgress(run, none, first, "image").time, "3 min 16 s", "9.8 of 10 epochs at 20 s each");
  assert.equal(describeProgress(run, none, null, "image").time, "–");
  const windows = { ...run.hyperparameters, sampling: "sliding_window", batching: "mini_batch", batch_size: 4 };
  const slow = describeProgress({ ...run, hyperparameters: windows }, none, first, "image");
  assert.equal(slow.time, "13 min 4 s", "each image is in 4 batches");
});

test("a queued run has no speed and no time yet", () => {
  const progress = describeProgress(exampleRun({ status: "queued" }), { epochs: [], last: null }, null, "example");
  assert.deepEqual([progress.epoch, progress.speed, progress.time], ["Queued", "–", "–"]);
});
