import assert from "node:assert/strict";
import { test } from "node:test";
import {
  exampleNoun,
  findDataset,
  isRegression,
  isTable,
  scoredSplits,
} from "../../../static/js/datasets/dataset_kind.js";
import { datasetInfo, regression } from "../support/examples.js";

const images = datasetInfo();

/** @param {Record<string, number | string>} hyperparameters */
const runWith = (hyperparameters) =>
  /** @type {import("../../../types/api.js").Run} */ (/** @type {unknown} */ ({ hyperparameters }));

test("the kind and the task decide what a page shows", () => {
  assert.deepEqual([isTable(images), isRegression(images), exampleNoun(images)], [false, false, "image"]);
  assert.deepEqual([isTable(regression), isRegression(regression), exampleNoun(regression)], [true, true, "example"]);
  assert.deepEqual([isTable(undefined), isRegression(undefined)], [false, false]);
});

test("a run has the data set of its hyperparameters", () => {
  assert.equal(findDataset([images, regression], runWith({ dataset: "random_regression" })), regression);
  assert.equal(findDataset([images], runWith({ dataset: "mnist" })), undefined);
});

test("a table has only a training split", () => {
  const run = runWith({ validation_fraction: 0.1 });
  assert.deepEqual(scoredSplits(run, images), { validation: true, test: true });
  assert.deepEqual(scoredSplits(runWith({ validation_fraction: 0 }), images), { validation: false, test: true });
  assert.deepEqual(scoredSplits(run, regression), { validation: false, test: false });
});
