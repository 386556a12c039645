/**
 * Figure of the curve that a network with one input fits to its training examples.
 *
 * @typedef {import("../../../types/api.js").CurveOutputs} CurveOutputs
 * @typedef {import("../charts/figure.js").OutputFigure} OutputFigure
 */

import { plotAxis } from "../charts/figure.js";
import { escapeMarkup } from "../charts/plotly_loader.js";
import { color } from "../core/colors.js";
import { plainNumber } from "../core/format.js";

/** @param {CurveOutputs} outputs @returns {OutputFigure} */
export function fittedCurveFigure({ x, outputs, points, feature_names: [input], target_names: [target] }) {
  const errors = points.map((point) => (point.output === null ? null : Math.abs(point.output - point.target)));
  const largest = errors.includes(null) ? null : Math.max(...errors.map(Number));
  const [xName, yName] = [escapeMarkup(input), escapeMarkup(target)];
  return {
    traces: [
      {
        type: "scatter",
        name: "output",
        mode: "lines",
        ...{ x, y: outputs },
        line: { color: color("--train"), width: 2.5 },
        hovertemplate: `${xName} %{x:.3~g}<br>output %{y:.4~g}<extra></extra>`,
      },
      {
        type: "scatter",
        name: "errors",
        mode: "lines",
        x: points.flatMap((point) => [point.x, point.x, null]),
        y: points.flatMap((point) => [point.target, point.output, null]),
        line: { color: color("--incorrect"), width: 1.5, dash: "dot" },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        name: "examples",
        mode: "markers",
        x: points.map((point) => point.x),
        y: points.map((point) => point.target),
        marker: { color: color("--surface"), size: 10, line: { color: color("--ink"), width: 2 } },
        hovertemplate: `${xName} %{x:.3~g}<br>${yName} %{y:.4~g}<extra></extra>`,
      },
    ],
    layout: { xaxis: plotAxis(input), yaxis: plotAxis(target), hovermode: "closest" },
    help:
      `The curve shows the prediction for every ${input}, and the circles are the training examples. ` +
      "The dotted line from a circle to the curve is its error.",
    allCorrect: null,
    summary: largest === null ? "The outputs are not finite" : `The largest error is ${plainNumber(largest)}`,
    table: {
      headings: [input, `True ${target}`, "Output", "Error"],
      rows: points.map((point, index) => [
        plainNumber(point.x),
        plainNumber(point.target),
        outputNumber(point.output),
        outputNumber(errors[index]),
      ]),
    },
  };
}

/** Format a value that may be non-finite. @param {number | null} value */
function outputNumber(value) {
  return value === null ? "not a number" : plainNumber(value);
}
