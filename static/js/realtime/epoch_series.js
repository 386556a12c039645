/**
 * Metrics of the epochs of one run, in columns for the charts.
 *
 * @import {EpochResult} from "../../../types/api.js"
 */

const COLUMNS = /** @type {const} */ ([
  "train_cost",
  "train_accuracy",
  "validation_cost",
  "validation_accuracy",
  "test_cost",
  "test_accuracy",
]);

/** @typedef {typeof COLUMNS[number]} Column */

export class EpochSeries {
  /** @param {{validation: boolean, test: boolean}} [splits] evaluated splits, except the training split */
  constructor({ validation, test } = { validation: false, test: true }) {
    this.splits = { train: true, validation, test };
    /** @type {number[]} */
    this.epochs = [];
    /** Number of gradient evaluations until the end of each epoch. @type {number[]} */
    this.evaluations = [];
    /** Duration of training and evaluation until the end of each epoch. @type {number[]} */
    this.seconds = [];
    /** @type {Record<Column, (number | null)[]>} */
    this.columns = {
      train_cost: [],
      train_accuracy: [],
      validation_cost: [],
      validation_accuracy: [],
      test_cost: [],
      test_accuracy: [],
    };
    /** @type {EpochResult | null} */
    this.last = null;
    /**
     * Epoch with the highest validation accuracy. If several epochs have this accuracy, it is the one with the lowest
     * validation cost. The server uses the same rule.
     * @type {EpochResult | null}
     */
    this.best = null;
  }

  /** Append an epoch if it is the next one; otherwise ignore it. @param {EpochResult} result */
  append(result) {
    if (result.epoch !== this.epochs.length + 1) return;
    this.epochs.push(result.epoch);
    this.evaluations.push(result.gradient_evaluations);
    this.seconds.push(result.elapsed_seconds);
    for (const column of COLUMNS) this.columns[column].push(result[column]);
    this.last = result;
    this.splits.validation ||= result.validation_accuracy !== null;
    if (isBetter(result, this.best)) this.best = result;
  }
}

/**
 * Return true if an epoch is better than the best one so far.
 * @param {EpochResult} result
 * @param {EpochResult | null} best
 */
function isBetter(result, best) {
  if (result.validation_accuracy === null) return false;
  if (best === null || best.validation_accuracy === null) return true;
  if (result.validation_accuracy !== best.validation_accuracy) {
    return result.validation_accuracy > best.validation_accuracy;
  }
  return (result.validation_cost ?? Infinity) < (best.validation_cost ?? Infinity);
}
