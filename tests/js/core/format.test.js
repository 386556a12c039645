import assert from "node:assert/strict";
import { test } from "node:test";
import { percent, plainNumber, probability } from "../../../static/js/core/format.js";

test("a fraction is formatted as a percentage", () => {
  assert.equal(percent(0.9725, 2), "97.25%");
});

test("a probability is never rounded to 0% or 100%", () => {
  assert.equal(probability(0.0001), "<0.1%");
  assert.equal(probability(0.9999), ">99.9%");
  assert.equal(probability(1), "100.0%");
});

test("a number has at most four significant digits", () => {
  assert.deepEqual([0.5, -1.2345, 27290, 555000, 0].map(plainNumber), ["0.5", "−1.234", "27,290", "5.55e+5", "0"]);
});
