import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "../../../static/js/charts/label_positions.js";

test("labels that do not overlap stay in position", () => {
  assert.deepEqual(spread([10, 50], 15, 0, 100), [10, 50]);
});

test("labels that overlap move apart and keep their order", () => {
  assert.deepEqual(spread([20, 18, 22], 15, 0, 100), [33, 18, 48]);
});

test("labels stay within the plot", () => {
  assert.deepEqual(spread([99, 98], 15, 0, 100), [100, 85]);
  assert.deepEqual(spread([-5], 15, 0, 100), [0]);
});
