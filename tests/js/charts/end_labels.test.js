import assert from "node:assert/strict";
import { test } from "node:test";
import { separateLabels } from "../../../static/js/charts/end_labels.js";

test("labels that do not overlap stay in position", () => {
  assert.deepEqual(separateLabels([10, 50], 15, 0, 100), [10, 50]);
});

test("labels that overlap move apart and keep their order", () => {
  assert.deepEqual(separateLabels([20, 18, 22], 15, 0, 100), [33, 18, 48]);
});

test("labels stay within the plot", () => {
  assert.deepEqual(separateLabels([99, 98], 15, 0, 100), [100, 85]);
  assert.deepEqual(separateLabels([-5], 15, 0, 100), [0]);
});
