import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeAfterRows, changedText, deletedText } from "../../../static/js/comparison/before_after_text.js";
import { exampleEpoch, exampleRun } from "../support/example_run.js";
import { fieldInfo } from "../support/examples.js";

const FIELDS = [
  fieldInfo({ name: "learning_rate", label: "Learning rate" }),
  fieldInfo({ name: "optimizer", label: "Optimizer" }),
];
const hyperparameters = { learning_rate: 2, optimizer: "sgd" };
const earlier = exampleRun({ id: 1, hyperparameters, metrics: exampleEpoch({ test_accuracy: 0.1 }) });
const run = exampleRun({
  id: 2,
  same_start_as: 1,
  hyperparameters: { ...hyperparameters, learning_rate: 0.2 },
  metrics: exampleEpoch({ test_accuracy: 0.97 }),
});

test("the changed values are named, and what is the same", () => {
  assert.equal(
    changedText(earlier, run, FIELDS),
    "Changed: Learning rate: 2 → 0.2. Both runs have the same seed, and all other hyperparameters are the same.",
  );
  assert.equal(changedText(earlier, earlier, FIELDS), "Both runs have the same seed and the same hyperparameters.");
});

test("the results of both runs are beside each other", () => {
  const rows = new Map(beforeAfterRows(earlier, run, FIELDS).map(({ label, cells }) => [label, cells]));
  assert.deepEqual(rows.get("Test accuracy, last epoch"), ["10.00%", "97.00%"]);
  assert.deepEqual(rows.get("Learning rate"), ["2", "0.2"]);
  assert.equal(rows.has("Optimizer"), false);
});

test("a deleted run is named", () => {
  assert.match(deletedText(12), /run 12, which was deleted/);
});
