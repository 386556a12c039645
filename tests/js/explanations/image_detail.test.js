import assert from "node:assert/strict";
import { test } from "node:test";
import { describePrediction, explainChange } from "../../../static/js/explanations/image_detail.js";

/** @param {object} change */
function describe(change) {
  const item = {
    true_label: 0,
    predicted_label: 1,
    confidence: 0.8,
    margin: 0.6,
    probabilities: [0.2, 0.8],
    ...change,
  };
  return describePrediction(/** @type {import("../../../types/api.js").ListedImage} */ (item), ["cat", "dog"]);
}

test("the description depends on outcome, confidence and margin", () => {
  assert.equal(describe({}), "Misclassified: 80.0% for dog, 20.0% for cat.");
  assert.match(describe({ confidence: 0.95, probabilities: [0.05, 0.95] }), /^Confidently misclassified: /);
  assert.match(describe({ margin: 0.05 }), /^A close call: /);
  assert.equal(describe({ true_label: 1 }), "Correct: 80.0% for dog.");
  assert.match(describe({ confidence: null }), /diverged/);
});

test("the description explains sigmoid outputs", () => {
  assert.match(describe({ probabilities: [0.9, 0.8] }), /sigmoid outputs/);
});

test("the smallest change is explained by what is known about it", () => {
  const item = { true_label: 0, predicted_label: 1, change: null };
  assert.match(explainChange(item), /sort the list by smallest change/);
  assert.match(explainChange({ ...item, change: 1.5 }), /^Upper bound of the size of the smallest change/);
  assert.match(explainChange({ ...item, true_label: 1 }), /^None needed/);
});
