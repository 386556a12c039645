import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChange, describeOutcome, describeResult } from "../../../static/js/explanations/counterfactual.js";
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

test("a prediction is marked as correct or misclassified", () => {
  assert.equal(describeOutcome(1, 1, 0.5, ["cat", "dog"]), "✓ dog, 50.0%");
  assert.equal(describeOutcome(0, 1, 0.99999, ["cat", "dog"]), "✗ cat, >99.9%");
});

test("the result of a search names the size of the change and the new prediction", () => {
  const found = { found: true, size: 2, predicted_label: 1, probabilities: [0.4, 0.6] };
  assert.equal(
    describeResult(found, 1, ["cat", "dog"]),
    "With a change of 2.00, equivalent to changing 4.0 pixels from black to white, spread over the image, " +
      "the prediction becomes ✓ dog, 60.0%.",
  );
  assert.match(
    describeResult({ ...found, found: false }, 1, ["cat", "dog"]),
    /^The search found no change .* predicts dog\.$/,
  );
});
