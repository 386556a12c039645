/** Scatter plot of predictions against true values. */

/** @import {ScatterOutputs} from "../../../types/api.js" */
/** @import {OutputFigure} from "../charts/figure.js" */

import { plotAxis } from "../charts/figure.js";
import { color } from "../core/colors.js";
import { counted } from "../core/format.js";
import { summarizeScatter } from "./summaries.js";

/** @param {ScatterOutputs} scatter @returns {OutputFigure} */
export function predictedVsTrueFigure(scatter) {
  const { true: truth, predicted, target_names: targets } = scatter;
  const ends = [Math.min(...truth), Math.max(...truth)];
  const values = `${counted(truth.length, "value")}${targets.length > 1 ? ` of ${targets.length} targets` : ""}`;
  return {
    ...summarizeScatter(scatter),
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
  };
}
