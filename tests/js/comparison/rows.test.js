import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceRows, resultRows } from "../../../static/js/comparison/rows.js";

/** @param {object} values */
const run = (values) => /** @type {import("../../../types/api.js").Run} */ (/** @type {unknown} */ (values));

/** @type {{name: string, label: string, choice_names: Record<string, string>, applies_when: Record<string, string[]>}[]} */
const FIELDS = [
  { name: "optimizer", label: "Optimizer", choice_names: {}, applies_when: {} },
  { name: "dataset", label: "Data set", choice_names: { digits: "8×8 digits" }, applies_when: {} },
  { name: "hidden_sizes", label: "Hidden layers", choice_names: {}, applies_when: {} },
  { name: "seed", label: "Seed", choice_names: {}, applies_when: {} },
];

test("only results that a run has are rows", () => {
  const runs = [
    run({ status: "finished", epochs_completed: 1200, metrics: { train_cost: 0.25, test_accuracy: 0.9 } }),
    run({ status: "running", epochs_completed: 3, metrics: { train_cost: null, test_accuracy: null } }),
    run({ status: "queued", epochs_completed: 0, metrics: null, best_metrics: null }),
  ];
  assert.deepEqual(resultRows(runs), [
    { label: "Test accuracy, last epoch", cells: ["90.00%", "–", "–"] },
    { label: "Training cost, last epoch", cells: ["0.2500", "–", "–"] },
    { label: "Epochs completed", cells: ["1,200", "3 so far", "0 so far"] },
  ]);
});

test("only hyperparameters that differ are rows", () => {
  const runs = [
    run({ hyperparameters: { optimizer: "sgd", dataset: "digits", hidden_sizes: [64, 32], seed: 1 } }),
    run({ hyperparameters: { optimizer: "sgd", dataset: "squares", hidden_sizes: [64, 32] } }),
  ];
  assert.deepEqual(differenceRows(runs, FIELDS), [
    { label: "Data set", cells: ["8×8 digits", "Squares"] },
    { label: "Seed", cells: ["1", "–"] },
  ]);
  assert.deepEqual(differenceRows(runs.slice(0, 1), FIELDS), []);
});

test("a hyperparameter that does not apply to a run has a dash", () => {
  const applies_when = { batching: ["mini_batch"] };
  const batchSize = { name: "batch_size", label: "Batch size", choice_names: {}, applies_when };
  const full = run({ hyperparameters: { batching: "full_batch", batch_size: 32 } });
  const mini = run({ hyperparameters: { batching: "mini_batch", batch_size: 32 } });
  assert.deepEqual(differenceRows([full, mini], [batchSize]), [{ label: "Batch size", cells: ["–", "32"] }]);
  const unused = run({ hyperparameters: { batching: "full_batch", batch_size: 64 } });
  assert.deepEqual(differenceRows([full, unused], [batchSize]), []);
});
