import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOutcome, describeResult } from "../../../static/js/explanations/counterfactual.js";

test("a prediction is marked as correct or misclassified", () => {
  assert.equal(describeOutcome(1, 1, 0.5, ["cat", "dog"]), "✓ dog, 50.0%");
  assert.equal(describeOutcome(0, 1, 0.99999, ["cat", "dog"]), "✗ cat, >99.9%");
});

test("the result of a search names the size of the change and the new prediction", () => {
  const found = { found: true, size: 2, predicted_label: 1, probabilities: [0.4, 0.6] };
  assert.equal(
    describeResult(found, 1, ["cat", "dog"]),
    "The smallest change has a size of at most 2.00, equivalent to changing 4.0 pixels from black to white. " +
      "With the change below, the prediction becomes ✓ dog, 60.0%.",
  );
  const small = describeResult({ ...found, size: 0.02341 }, 1, ["cat", "dog"]);
  assert.match(small, /at most 0\.024, equivalent to changing one pixel by 2\.4% of the range/);
  assert.match(
    describeResult({ ...found, found: false }, 1, ["cat", "dog"]),
    /^The search found no change .* predicts dog\.$/,
  );
});
