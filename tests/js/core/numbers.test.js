import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, sum } from "../../../static/js/core/numbers.js";

test("a value outside the limits becomes the nearest limit", () => {
  assert.deepEqual(
    [-2, 0.5, 7].map((value) => clamp(value, 0, 1)),
    [0, 0.5, 1],
  );
});

test("the sum of no terms is 0", () => {
  assert.equal(sum([]), 0);
  assert.equal(sum([1, 2.5, -3]), 0.5);
});
