import assert from "node:assert/strict";
import { test } from "node:test";
import { DASHES, indexAt } from "../../../static/js/charts/legend.js";
import { MAX_COMPARED } from "../../../static/js/comparison/limit.js";

test("without a pointer, the legend shows the last value", () => {
  assert.equal(indexAt([1, 2, 3], null), 2);
});

test("the legend shows the value at the pointer or to its left", () => {
  assert.equal(indexAt([10, 20, 30], 20), 1);
  assert.equal(indexAt([10, 20, 30], 29), 1);
});

test("a position outside the line has no value", () => {
  assert.equal(indexAt([10, 20], 5), -1);
  assert.equal(indexAt([10, 20], 25), -1);
});

test("every compared run has its own dash pattern", () => {
  assert.equal(new Set(DASHES).size, MAX_COMPARED);
});
