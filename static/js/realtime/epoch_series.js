/**
 * The epochs of one run, in columns that charts can draw; each epoch once, in order.
 *
 * @typedef {import("../../../types/api.js").EpochResult} EpochResult
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
  /** @param {{validation: boolean, test: boolean}} [splits] whether there is anything in them to score */
  constructor({ validation, test } = { validation: false, test: true }) {
    this.has = { train: true, validation, test };
    /** @type {number[]} */
    this.epochs = [];
    /** Gradients computed until the end of each epoch. @type {number[]} */
    this.evaluations = [];
    /** Training and evaluation until the end of each epoch. @type {number[]} */
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
    /** By the rule of the server: highest validation accuracy, ties by lower cost. @type {EpochResult | null} */
    this.best = null;
  }

  /** @param {EpochResult} result exactly the next epoch; any other is left out */
  append(result) {
    if (result.epoch !== this.epochs.length + 1) return;
    this.epochs.push(result.epoch);
    this.evaluations.push(result.gradient_evaluations);
    this.seconds.push(result.elapsed_seconds);
    for (const column of COLUMNS) this.columns[column].push(result[column]);
    this.last = result;
    this.has.validation ||= result.validation_accuracy !== null;
    if (isBetter(result, this.best)) this.best = result;
  }
}

/** @param {EpochResult} result @param {EpochResult | null} best */
function isBetter(result, best) {
  if (result.validation_accuracy === null) return false;
  if (best === null || best.validation_accuracy === null) return true;
  if (result.validation_accuracy !== best.validation_accuracy) {
    return result.validation_accuracy > best.validation_accuracy;
  }
  return (result.validation_cost ?? Infinity) < (best.validation_cost ?? Infinity);
}
