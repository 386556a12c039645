import assert from "node:assert/strict";
import { test } from "node:test";
import { downloads, hyperparametersJson } from "../../../static/js/runs/downloads.js";
import { exampleRun } from "../support/example_run.js";

/** @param {boolean} hasEpochs @param {boolean} hasBest */
const names = (hasEpochs, hasBest) =>
  downloads(exampleRun(), { hasEpochs, hasBest, hyperparametersHref: "blob:1" }).map(({ name }) => name);

test("a run offers the files that it has", () => {
  assert.deepEqual(names(false, false), ["hyperparameters.json"]);
  assert.deepEqual(names(true, false), ["epochs.csv", "hyperparameters.json", "last checkpoint"]);
  assert.deepEqual(names(true, true), ["epochs.csv", "hyperparameters.json", "best checkpoint", "last checkpoint"]);
});

test("the file of hyperparameters contains what a new run needs", () => {
  const { name, preset, hyperparameters } = exampleRun();
  assert.deepEqual(JSON.parse(hyperparametersJson(exampleRun())), { name, preset, hyperparameters });
});
