import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSum } from "../../../static/js/explanations/pixel_attribution.js";

test("the sum of a linear attribution is the logit gap", () => {
  const linear = /** @type {const} */ ({ method: "linear", levels: "", scale: 1, steps: null });
  assert.equal(
    describeSum({ ...linear, pixels: 2.5, rest: -0.5, error: 4e-16 }, 2),
    "✓ Sum of all pixels +2.50, the biases −0.50: total +2.00, the logit gap, with an error of 4\u00a0×\u00a010⁻¹⁶.",
  );
});

test("the sum of integrated gradients differs from the logit gap by the error of the steps", () => {
  const integrated = /** @type {const} */ ({ method: "integrated_gradients", levels: "", scale: 1, steps: 64 });
  assert.equal(
    describeSum({ ...integrated, pixels: 2, rest: 0.5, error: 0.002 }, 2.498),
    "✓ Sum of all pixels +2.00, the black image +0.50: total +2.50. The logit gap is +2.50; 64 steps leave an error of 0.0020.",
  );
});
