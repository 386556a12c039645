import assert from "node:assert/strict";
import { test } from "node:test";
import { smooth } from "../../../static/js/core/smoothing.js";

test("a weight of 0 changes nothing", () => {
  assert.deepEqual(smooth([1, null, 3], 0), [1, null, 3]);
});

test("the first value and the gaps do not change", () => {
  const [first, gap, second] = smooth([2, null, 4], 0.5);
  assert.equal(first, 2);
  assert.equal(gap, null);
  assert.ok(second !== null && Math.abs(second - (0.5 * 2 * 0.5 + 0.5 * 4) / 0.75) < 1e-12);
});

test("a constant series does not change", () => {
  for (const value of smooth([7, 7, 7, 7], 0.9)) assert.ok(value !== null && Math.abs(value - 7) < 1e-12);
});
