import assert from "node:assert/strict";
import { test } from "node:test";
import { describeAgreement, describeGuesses, describeScore } from "../../../static/js/annotations/descriptions.js";

test("the description of a label compares it with the data set and the prediction", () => {
  const image = { index: 0, true_label: 4, predicted_label: 9 };
  assert.equal(describeAgreement(4, image), "Agrees with the data set, not with the prediction.");
  assert.equal(describeAgreement(9, image), "Agrees with the prediction, not with the data set.");
  assert.equal(describeAgreement(1, image), "Agrees with neither the data set nor the prediction.");
  assert.equal(describeAgreement(4, { ...image, predicted_label: 4 }), "Agrees with the data set and the prediction.");
});

test("the score counts the correct guesses of person and network", () => {
  assert.equal(describeScore({ guesses: 0, person_right: 0, network_right: 0 }), "No guesses yet.");
  assert.equal(describeScore({ guesses: 3, person_right: 2, network_right: 1 }), "You 2 of 3, network 1 of 3");
});

test("each guess is marked as correct or incorrect without color", () => {
  const score = { guesses: 1, person_right: 1, network_right: 0 };
  const response = { index: 7, label: 0, true_label: 0, predicted_label: 1, counted: true, score };
  assert.deepEqual(describeGuesses(response, ["cat", "dog"]), [
    { text: "You ✓ cat", isCorrect: true },
    { text: "Network ✗ dog", isCorrect: false },
  ]);
});
