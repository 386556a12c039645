import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChange } from "../../../static/js/explanations/counterfactual.js";
import { encodeBase64 } from "../../../static/js/images/pixels.js";

/** @param {number[]} levels */
function encode(levels) {
  return encodeBase64(new Uint8Array(Int8Array.from(levels).buffer));
}

test("the applied change is slightly longer than the smallest change", () => {
  const change = { levels: encode([127, -127, 0]), scale: 0.1, size: 0.1 };
  const factor = 1 + 0.01 / 0.1;
  const expected = [100 + Math.round(25.5 * factor), 100 - Math.round(25.5 * factor), 100];
  assert.deepEqual([...applyChange(Uint8Array.of(100, 100, 100), change)], expected);
});

test("changed pixels are limited to black and white", () => {
  const change = { levels: encode([127, -127]), scale: 1, size: 1 };
  assert.deepEqual([...applyChange(Uint8Array.of(200, 50), change)], [255, 0]);
});

test("a change of length 0 leaves the image unchanged", () => {
  assert.deepEqual([...applyChange(Uint8Array.of(7), { levels: encode([0]), scale: 0, size: 0 })], [7]);
});
