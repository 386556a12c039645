import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleToFullRange } from "../../../static/js/explanations/unit_magnifier.js";

test("the strongest level of a unit gets the full range", () => {
  assert.deepEqual([...scaleToFullRange(Int8Array.of(-10, 5, 0))], [-127, 64, 0]);
  assert.deepEqual([...scaleToFullRange(Int8Array.of(0, 0))], [0, 0]);
});
