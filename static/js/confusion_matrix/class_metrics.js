/** Precision, recall, F1 and support of each class, computed from the confusion matrix. */
import { sum } from "../core/numbers.js";

/**
 * @typedef {object} ClassMetrics
 * @property {string} label
 * @property {number | null} precision correct fraction of the images predicted as this class; null without such images
 * @property {number | null} recall correct fraction of the images of this class; null without such images
 * @property {number | null} f1 harmonic mean of precision and recall; null if both are undefined
 * @property {number} support number of images of this class
 */

/**
 * Compute the metrics of each class.
 * @param {string[]} labels
 * @param {number[][]} matrix row = true class, column = predicted class
 * @returns {ClassMetrics[]}
 */
export function classMetrics(labels, matrix) {
  return labels.map((label, k) => {
    const correct = matrix[k][k];
    const support = sum(matrix[k]);
    const predicted = sum(matrix.map((row) => row[k]));
    return {
      label,
      precision: predicted ? correct / predicted : null,
      recall: support ? correct / support : null,
      // This form of the harmonic mean is defined even if precision or recall is not.
      f1: predicted + support ? (2 * correct) / (predicted + support) : null,
      support,
    };
  });
}

/**
 * Return the unweighted mean over the classes with images; an undefined precision or F1 counts as 0.
 * @param {ClassMetrics[]} metrics
 * @returns {ClassMetrics}
 */
export function macroMean(metrics) {
  const present = metrics.filter((each) => each.support > 0);
  /** @param {'precision' | 'recall' | 'f1'} name */
  const mean = (name) => (present.length ? sum(present.map((each) => each[name] ?? 0)) / present.length : null);
  return {
    label: "Mean of classes",
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
    support: sum(metrics.map((each) => each.support)),
  };
}
