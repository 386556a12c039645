/** Counts and fractions of a confusion matrix; row = true class, column = predicted class. */
import { sum } from "../core/numbers.js";

/** @typedef {{true: number, predicted: number, images: number}} Confusion */

/** Return the numbers of all, correct and misclassified images. @param {number[][]} matrix */
export function countTotals(matrix) {
  const images = sum(matrix.flat());
  const correct = sum(matrix.map((row, i) => row[i]));
  return { images, correct, misclassified: images - correct };
}

/**
 * Return each count as a fraction of its row; the fractions of a row without images are 0.
 * @param {number[][]} matrix
 */
export function rowFractions(matrix) {
  return matrix.map((row) => {
    const images = sum(row);
    return row.map((count) => (images ? count / images : 0));
  });
}

/** Return the largest value outside the diagonal. @param {number[][]} values */
export function largestConfusion(values) {
  return Math.max(0, ...values.flatMap((row, i) => row.filter((_, j) => i !== j)));
}

/**
 * Return the most frequent confusions; ties keep the order of the classes.
 * @param {number[][]} matrix
 * @param {number} maximum maximum number of confusions
 * @returns {Confusion[]}
 */
export function topConfusions(matrix, maximum) {
  return matrix
    .flatMap((row, i) => row.map((images, j) => ({ true: i, predicted: j, images })))
    .filter((cell) => cell.true !== cell.predicted && cell.images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, maximum);
}
