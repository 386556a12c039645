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

test("the description of each learning history names its epochs", () => {
  assert.equal(describeHistory(history("1111"), 4, "early"), "Learned early: correct in epochs 1 to 4.");
  assert.equal(describeHistory(history("0111"), 4, "early"), "Learned early: correct in epochs 2 to 4.");
  assert.equal(describeHistory(history("0001"), 4, "late"), "Learned late: correct in epoch 4.");
  assert.equal(
    describeHistory(history("1100"), 4, "forgotten"),
    "Forgotten: last correct in epoch 2, misclassified in epochs 3 and 4.",
  );
  assert.equal(describeHistory(history("10101"), 5, "flickering"), "Flickering: changed 4 times in epochs 1 to 5.");
  assert.equal(describeHistory(history("0"), 1, "never"), "Never learned: misclassified in epoch 1.");
  assert.equal(describeHistory(history("000"), 3, "never"), "Never learned: misclassified in epochs 1 to 3.");
});

test("the description of an earlier epoch also states what follows", () => {
  const wrongAgain = history("0000001000");
  assert.equal(
    describeHistory(wrongAgain, 7, "late"),
    "Learned late up to epoch 7: correct in epoch 7. Later misclassified again, in epochs 8 to 10.",
  );
  assert.equal(
    describeHistory(wrongAgain, 3, "never"),
    "Never learned up to epoch 3: misclassified in epochs 1 to 3. Later, correct in 1 of epochs 4 to 10.",
  );
  assert.equal(
    describeHistory(history("0111"), 2, "early"),
    "Learned early up to epoch 2: correct in epoch 2. Still correct in epochs 3 and 4.",
  );
  assert.equal(
    describeHistory(history("011"), 1, "never"),
    "Never learned up to epoch 1: misclassified in epoch 1. Later correct, in epochs 2 and 3.",
  );
});

test("an epoch is described by its prediction and its outcome, if they are known", () => {
  const names = ["cat", "dog"];
  assert.equal(describeEpoch(history("01"), 1, names), "epoch 1 of 2: cat, misclassified");
  assert.equal(describeEpoch(history("01"), 2, names), "epoch 2 of 2: dog, correct");
  assert.equal(describeEpoch(history("01"), 3, names), "epoch 3");
});
