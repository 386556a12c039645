/**
 * Scatter plot of predictions against true values.
 *
 * @typedef {import("../../../types/api.js").ScatterOutputs} ScatterOutputs
 * @typedef {import("../charts/figure.js").OutputFigure} OutputFigure
 */

import { plotAxis } from "../charts/figure.js";
import { color } from "../core/colors.js";
import { cost, counted } from "../core/format.js";

/** @param {ScatterOutputs} outputs @returns {OutputFigure} */
export function predictedVsTrueFigure({ true: truth, predicted, target_names: targets }) {
  const ends = [Math.min(...truth), Math.max(...truth)];
  const values = `${counted(truth.length, "value")}${targets.length > 1 ? ` of ${targets.length} targets` : ""}`;
  const error = rootMeanSquaredError(truth, predicted);
  return {
    traces: [
      {
        type: "scatter",
        name: "diagonal",
        mode: "lines",
        ...{ x: ends, y: ends },
        line: { color: color("--ink-muted"), width: 1.5, dash: "dash" },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        name: "values",
        mode: "markers",
        ...{ x: truth, y: predicted },
        marker: { color: color("--train"), size: 6, opacity: 0.65 },
        hovertemplate: "true %{x:.3~g}<br>predicted %{y:.4~g}<extra></extra>",
      },
    ],
    layout: { xaxis: plotAxis("True"), yaxis: plotAxis("Predicted"), hovermode: "closest" },
    help:
      `Each dot is one of the ${values}. On the dashed line the prediction equals the true value; ` +
      "its vertical distance from the line is the error.",
    allCorrect: null,
    summary: error === null ? "The predictions are not finite" : `The root mean squared error is ${cost(error)}`,
    table: null,
  };
}

/**
 * Return the root mean squared error.
 * @param {number[]} truth
 * @param {(number | null)[]} predicted
 * @returns {number | null} null if a prediction is not finite
 */
function rootMeanSquaredError(truth, predicted) {
  if (predicted.includes(null)) return null;
  const total = truth.reduce((sum, value, index) => sum + (Number(predicted[index]) - value) ** 2, 0);
  return Math.sqrt(total / truth.length);
}
