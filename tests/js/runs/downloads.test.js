import assert from "node:assert/strict";
import { test } from "node:test";
import { downloads, hyperparametersJson } from "../../../static/js/runs/downloads.js";
import { exampleRun } from "../support/example_run.js";

/** @import {StoredCheckpoint} from "../../../types/api.js" */

/** @param {boolean} hasEpochs @param {StoredCheckpoint[]} checkpoints */
const filesOf = (hasEpochs, checkpoints) =>
  downloads(exampleRun(), { hasEpochs, checkpoints, hyperparametersHref: "blob:1" });

test("a run offers the files that it has", () => {
  const names = (/** @type {[boolean, StoredCheckpoint[]]} */ ...state) => filesOf(...state).map(({ name }) => name);
  assert.deepEqual(names(false, []), ["hyperparameters.json"]);
  assert.deepEqual(names(true, []), ["epochs.csv", "hyperparameters.json"]);
  assert.deepEqual(names(true, [{ which: "last", epoch: 1, bytes: 9 }]), [
    "epochs.csv",
    "hyperparameters.json",
    "last checkpoint",
  ]);
});

test("a checkpoint names its own epoch, which can be earlier than the last epoch of the run", () => {
  const [, , last, best] = filesOf(true, [
    { which: "last", epoch: 1900, bytes: 84_000 },
    { which: "best", epoch: 12, bytes: 84_000 },
  ]);
  assert.equal(last?.note, "the weights after epoch 1,900, for NumPy (84 kB)");
  assert.equal(best?.href, `/api/runs/${exampleRun().id}/checkpoint.npz?which=best`);
});

test("the file of hyperparameters contains what a new run needs", () => {
  const { name, preset, hyperparameters } = exampleRun();
  assert.deepEqual(JSON.parse(hyperparametersJson(exampleRun())), { name, preset, hyperparameters });
});
