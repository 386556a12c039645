/** What a confusion matrix says in numbers; row = true class, column = predicted class. */

/** @typedef {{true: number, predicted: number, images: number}} Confusion */

/** @param {number[][]} matrix */
export function totals(matrix) {
  const images = sum(matrix.flat());
  const right = sum(matrix.map((row, i) => row[i]));
  return { images, right, wrong: images - right };
}

/**
 * Each count as a share of its row; a row without images is 0.
 * @param {number[][]} matrix
 */
export function rowShares(matrix) {
  return matrix.map((row) => {
    const images = sum(row);
    return row.map((count) => (images ? count / images : 0));
  });
}

/**
 * The largest figure beside the diagonal.
 * @param {number[][]} figures
 */
export function largestConfusion(figures) {
  return Math.max(0, ...figures.flatMap((row, i) => row.filter((_, j) => i !== j)));
}

/**
 * The mistakes that were made most often; equally frequent ones in the order of the classes.
 * @param {number[][]} matrix
 * @param {number} most of them
 * @returns {Confusion[]}
 */
export function topConfusions(matrix, most) {
  return matrix
    .flatMap((row, i) => row.map((images, j) => ({ true: i, predicted: j, images })))
    .filter((cell) => cell.true !== cell.predicted && cell.images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, most);
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
