/** Figure of the curve that a network with one input fits to its training examples. */

/** @import {CurveOutputs} from "../../../types/api.js" */
/** @import {OutputFigure} from "../charts/figure.js" */

import { plotAxis } from "../charts/figure.js";
import { escapeMarkup } from "../charts/plotly_loader.js";
import { color } from "../core/colors.js";
import { summarizeCurve } from "./summaries.js";

/** @param {CurveOutputs} curve @returns {OutputFigure} */
export function fittedCurveFigure(curve) {
  const { x, outputs, points, feature_names: names, target_names: targets } = curve;
  const [input, target] = [names[0], targets[0]];
  const [xName, yName] = [escapeMarkup(input), escapeMarkup(target)];
  return {
    ...summarizeCurve(curve),
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
  };
}
