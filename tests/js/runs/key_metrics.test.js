import assert from "node:assert/strict";
import { test } from "node:test";
import { keyMetrics } from "../../../static/js/runs/key_metrics.js";
import { exampleEpoch, exampleRun } from "../support/example_run.js";

/** @param {Partial<Parameters<typeof keyMetrics>[1]>} changes */
const series = (changes) => ({
  best: null,
  last: null,
  splits: { train: true, validation: false, test: true },
  ...changes,
});

/** @param {ReturnType<typeof keyMetrics>} metrics */
const values = (metrics) => Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

test("a run with a validation split shows its best epoch", () => {
  const best = exampleEpoch({ epoch: 1200, validation_accuracy: 0.9, test_accuracy: 0.8 });
  const shown = values(keyMetrics(exampleRun({ parameter_count: 650 }), series({ best, last: best })));
  assert.equal(shown["Best epoch"], "1,200");
  assert.equal(shown["Validation at best"], "90.00%");
  assert.equal(shown["Test at end"], "80.00%");
  assert.equal(shown.Parameters, "650");
});

test("before the epochs are loaded, the metrics of the run are shown", () => {
  const run = exampleRun({ metrics: exampleEpoch({ test_accuracy: 0.7 }) });
  assert.equal(values(keyMetrics(run, series({})))["Test at end"], "70.00%");
});

test("a regression shows its cost and no accuracy", () => {
  const last = exampleEpoch({ train_accuracy: null, train_cost: 0.125 });
  const splits = { train: true, validation: false, test: false };
  const names = Object.keys(values(keyMetrics(exampleRun(), series({ last, splits }))));
  assert.deepEqual(names, ["Cost at end", "Time", "Gradients", "Parameters"]);
});

test("a run without an epoch shows the names of its metrics", () => {
  const splits = { train: true, validation: true, test: true };
  const metrics = keyMetrics(exampleRun({ status: "queued" }), series({ splits }));
  assert.equal(metrics.length, 8);
  assert.ok(metrics.every(({ value }) => value === "–"));
});
