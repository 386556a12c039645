import assert from "node:assert/strict";
import { test } from "node:test";
import { correctFraction, describeEpoch, describeHistory } from "../../../static/js/explanations/history_strip.js";

/**
 * @param {string} marks 1 for each correct epoch, 0 for each other
 * @returns {{predicted: number[], true_label: number}}
 */
function history(marks) {
  return { predicted: [...marks].map(Number), true_label: 1 };
}

test("the fraction of a cell counts the correct predictions among its epochs", () => {
  assert.equal(correctFraction(history("0110"), 1, 4), 1);
  assert.equal(correctFraction(history("0110"), 0, 2), 0.5);
  assert.equal(correctFraction(history("00111"), 0, 2), 1 / 3);
  assert.equal(correctFraction(history("00111"), 1, 2), 1);
});

test("the description of each learning history covers the epochs up to the selected one", () => {
  assert.equal(describeHistory(history("1111"), 4, "early"), "Learned early: correct in every epoch.");
  assert.equal(describeHistory(history("0111"), 4, "early"), "Learned early: correct since epoch 2.");
  assert.equal(describeHistory(history("0001"), 4, "late"), "Learned late: correct since epoch 4.");
  assert.equal(describeHistory(history("1100"), 4, "forgotten"), "Forgotten: correct until epoch 2.");
  assert.equal(describeHistory(history("10101"), 5, "flickering"), "Flickering: changed 4 times.");
  assert.equal(describeHistory(history("0001"), 1, "never"), "Never learned: misclassified in the first epoch.");
  assert.equal(describeHistory(history("0001"), 2, "never"), "Never learned: misclassified in both epochs.");
  assert.equal(describeHistory(history("0001"), 3, "never"), "Never learned: misclassified in all 3 epochs.");
});

test("an epoch is described by its prediction and its outcome, if they are known", () => {
  const names = ["cat", "dog"];
  assert.equal(describeEpoch(history("01"), 1, names), "epoch 1 of 2: cat, misclassified");
  assert.equal(describeEpoch(history("01"), 2, names), "epoch 2 of 2: dog, correct");
  assert.equal(describeEpoch(history("01"), 3, names), "epoch 3");
});
