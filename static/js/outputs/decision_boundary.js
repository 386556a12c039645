/** Figure of the decision boundary of a network with two inputs and one output. */

/** @import {BoundaryOutputs} from "../../../types/api.js" */
/** @import {OutputFigure} from "../charts/figure.js" */
/** @import {BoundaryPoint} from "./summaries.js" */

import { plotAxis } from "../charts/figure.js";
import { escapeMarkup } from "../charts/plotly_loader.js";
import { color } from "../core/colors.js";
import { probability } from "../core/format.js";
import { isCorrect, mark, summarizeBoundary } from "./summaries.js";

const CIRCLE_SIZE = 34; // px

/** @param {BoundaryOutputs} boundary @returns {OutputFigure} */
export function decisionBoundaryFigure(boundary) {
  const { x, y, outputs, points, feature_names: names } = boundary;
  const [first, second] = names;
  return {
    ...summarizeBoundary(boundary),
    traces: [outputField(x, y, outputs, first, second), boundaryLine(x, y, outputs), exampleCircles(points)],
    layout: {
      xaxis: plotAxis(first, { range: [x[0], x.at(-1)], constrain: "domain", dtick: 0.5, showgrid: false }),
      yaxis: plotAxis(second, {
        range: [y[0], y.at(-1)],
        scaleanchor: "x",
        constrain: "domain",
        dtick: 0.5,
        showgrid: false,
      }),
      hovermode: "closest",
    },
    help:
      "The color shows the predicted probability of class 1 for every pair of inputs. Along the dark line it is " +
      "50%. Each circle is a training example with its true class, ✓ if predicted correctly and ✗ if not.",
  };
}

/**
 * Return the trace that colors the plane by the output.
 * @param {number[]} x
 * @param {number[]} y
 * @param {(number | null)[][]} z
 * @param {string} first name of the input along the x-axis
 * @param {string} second name of the input along the y-axis
 */
function outputField(x, y, z, first, second) {
  const scale = [
    [0, color("--negative")],
    [0.5, color("--zero")],
    [1, color("--positive")],
  ];
  return {
    type: "contour",
    name: "output",
    ...{ x, y, z, zmin: 0, zmax: 1 },
    autocontour: false,
    contours: { start: 0.05, end: 0.95, size: 0.05, coloring: "fill", showlines: false },
    line: { width: 0 },
    colorscale: scale,
    showscale: false,
    hovertemplate: `${escapeMarkup(first)} %{x:.2f}, ${escapeMarkup(second)} %{y:.2f}<br>class 1: %{z:.1%}<extra></extra>`,
  };
}

/**
 * Return the trace of the decision boundary, where the output is 0.5.
 * @param {number[]} x
 * @param {number[]} y
 * @param {(number | null)[][]} z
 */
function boundaryLine(x, y, z) {
  return {
    type: "contour",
    name: "undecided",
    ...{ x, y, z },
    autocontour: false,
    contours: { start: 0.5, end: 0.5, size: 1, coloring: "none" },
    line: { color: color("--on-zero"), width: 2.5 },
    showscale: false,
    hoverinfo: "skip",
  };
}

/** Return the trace of the training examples. @param {BoundaryPoint[]} points */
function exampleCircles(points) {
  const colors = points.map((point) => color(isCorrect(point) ? "--correct" : "--incorrect"));
  return {
    type: "scatter",
    name: "examples",
    mode: "markers+text",
    x: points.map(({ inputs }) => inputs[0]),
    y: points.map(({ inputs }) => inputs[1]),
    text: points.map((point) => `${point.label} ${mark(point)}`),
    textfont: { color: colors, size: 14, weight: 700 },
    marker: { size: CIRCLE_SIZE, color: color("--surface"), line: { color: colors, width: 2 } },
    customdata: points.map(({ output }) => probability(output)),
    hovertemplate: "(%{x}, %{y}), true class: %{text}<br>class 1: %{customdata}<extra></extra>",
  };
}
