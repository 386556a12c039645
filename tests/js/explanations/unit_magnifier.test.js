import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleToFullRange } from "../../../static/js/explanations/unit_magnifier.js";

test("the largest level of a unit is scaled to the full range", () => {
  assert.deepEqual([...scaleToFullRange(Int8Array.of(-10, 5, 0))], [-127, 64, 0]);
  assert.deepEqual([...scaleToFullRange(Int8Array.of(0, 0))], [0, 0]);
});
