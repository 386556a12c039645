/** Quality of the outputs in one sentence, and the outputs for the training examples as a table of texts. */

/** @import {BoundaryOutputs, CurveOutputs, ScatterOutputs} from "../../../types/api.js" */

import { cost, count, plainNumber, probability } from "../core/format.js";

/** @typedef {BoundaryOutputs["points"][number]} BoundaryPoint */

/** Return true if the output is finite and predicts the true class. @param {BoundaryPoint} point */
export const isCorrect = ({ label, predicted, output }) => output !== null && label === predicted;

/** Return ✓ for a correct prediction and ✗ for any other. @param {BoundaryPoint} point */
export const mark = (point) => (isCorrect(point) ? "✓" : "✗");

/** @param {BoundaryOutputs} outputs */
export function summarizeBoundary({ points, feature_names: [first, second] }) {
  const correct = points.filter(isCorrect).length;
  const allCorrect = correct === points.length;
  const diverged = points.every(({ output }) => output === null);
  const correctCount = `${allCorrect ? "All" : `${count(correct)} of`} ${count(points.length)}`;
  return {
    allCorrect,
    summary: diverged ? "The outputs are not finite" : `${correctCount} predictions are correct`,
    table: {
      headings: [first, second, "True", "Output", "Prediction"],
      rows: points.map((point) => [
        ...point.inputs.map(plainNumber),
        String(point.label),
        probability(point.output),
        `${point.output === null ? "none" : point.predicted} ${mark(point)}`,
      ]),
    },
  };
}

/** @param {CurveOutputs} outputs */
export function summarizeCurve({ points, feature_names: [input], target_names: [target] }) {
  const errors = points.map(({ output, target: truth }) => (output === null ? null : Math.abs(output - truth)));
  const largest = errors.includes(null) ? null : Math.max(...errors.map(Number));
  const format = (/** @type {number | null} */ value) => (value === null ? "not a number" : plainNumber(value));
  return {
    allCorrect: null,
    summary: largest === null ? "The outputs are not finite" : `The largest error is ${plainNumber(largest)}`,
    table: {
      headings: [input, `True ${target}`, "Output", "Error"],
      rows: points.map((point, index) => [point.x, point.target, point.output, errors[index]].map(format)),
    },
  };
}

/** @param {ScatterOutputs} outputs */
export function summarizeScatter({ true: truth, predicted }) {
  const total = truth.reduce((sum, value, index) => sum + (Number(predicted[index]) - value) ** 2, 0);
  const error = cost(Math.sqrt(total / truth.length));
  return {
    allCorrect: null,
    summary: predicted.includes(null) ? "The predictions are not finite" : `The root mean squared error is ${error}`,
    table: null,
  };
}

/**
 * Return the summary as a sentence, with ✓ or ✗ if the predictions are correct or not.
 * @param {{allCorrect: boolean | null, summary: string}} outputs
 */
export function verdictOf({ allCorrect, summary }) {
  const sign = allCorrect === null ? "" : allCorrect ? "✓ " : "✗ ";
  return `${sign}${summary}.`.replaceAll("-", "\u2011"); // no line break inside 3e-4
}
