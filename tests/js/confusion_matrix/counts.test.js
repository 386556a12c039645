import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countTotals,
  largestConfusion,
  rowFractions,
  topConfusions,
} from "../../../static/js/confusion_matrix/counts.js";

const MATRIX = [
  [8, 2, 0],
  [2, 5, 3],
  [0, 0, 0],
];

test("the diagonal counts the correct images", () => {
  assert.deepEqual(countTotals(MATRIX), { images: 20, correct: 13, misclassified: 7 });
});

test("each count is divided by the sum of its row; an empty row has fractions of 0", () => {
  assert.deepEqual(rowFractions(MATRIX), [
    [0.8, 0.2, 0],
    [0.2, 0.5, 0.3],
    [0, 0, 0],
  ]);
});

test("the largest confusion ignores the diagonal", () => {
  assert.equal(largestConfusion(MATRIX), 3);
  assert.equal(largestConfusion([[7]]), 0);
});

test("the most frequent confusions come first, ties in the order of the classes", () => {
  assert.deepEqual(topConfusions(MATRIX, 2), [
    { true: 1, predicted: 2, images: 3 },
    { true: 0, predicted: 1, images: 2 },
  ]);
  assert.equal(topConfusions(MATRIX, 9).length, 3);
});
