import assert from "node:assert/strict";
import { test } from "node:test";
import { barLength, signedBarExtent } from "../../../static/js/explanations/output_bars.js";

test("positive bars extend to the right of the center, negative ones to the left", () => {
  assert.equal(signedBarExtent(1, 2), "left: 50.00%; width: 25.00%");
  assert.equal(signedBarExtent(-2, 2), "left: 0.00%; width: 50.00%");
  assert.equal(signedBarExtent(0, 2), "left: 50.00%; width: 0.00%");
});

test("signed bars are empty if all values are 0", () => {
  assert.equal(signedBarExtent(0, 0), "left: 50.00%; width: 0.00%");
});

test("the bar of an output has its length in percent, and none without an output", () => {
  assert.equal(barLength(0.25), "25.00%");
  assert.equal(barLength(1.5), "100.00%");
  assert.equal(barLength(null), "0.00%");
});
