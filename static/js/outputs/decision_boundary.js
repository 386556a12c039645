/**
 * Figure of the outputs of a network with two inputs and one output over the plane of its inputs.
 *
 * @typedef {import("../../../types/api.js").BoundaryOutputs} BoundaryOutputs
 * @typedef {BoundaryOutputs["points"][number]} Point
 * @typedef {import("../charts/figure.js").OutputFigure} OutputFigure
 */

import { plainNumber, plotAxis } from "../charts/figure.js";
import { plainText } from "../charts/plotly_loader.js";
import { color } from "../core/colors.js";
import { count, probability } from "../core/format.js";

const POINT = 34; // px

/** @param {BoundaryOutputs} outputs @returns {OutputFigure} */
export function decisionBoundaryFigure({ x, y, outputs, points, feature_names: [first, second] }) {
  const right = points.filter(isRight).length;
  const all = right === points.length;
  const lost = points.every(({ output }) => output === null);
  return {
    traces: [field(x, y, outputs, first, second), line(x, y, outputs), marks(points)],
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
    right: all,
    verdict: lost
      ? "The outputs are not finite"
      : `${all ? "All" : `${count(right)} of`} ${count(points.length)} predictions are correct`,
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

/** True if the output is finite and predicts the true class. @param {Point} point */
const isRight = ({ label, predicted, output }) => output !== null && label === predicted;

/** @param {Point} point */
const mark = (point) => (isRight(point) ? "✓" : "✗");

/**
 * @param {number[]} x
 * @param {number[]} y
 * @param {(number | null)[][]} z
 * @param {string} first
 * @param {string} second
 */
function field(x, y, z, first, second) {
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
    hovertemplate: `${plainText(first)} %{x:.2f}, ${plainText(second)} %{y:.2f}<br>class 1: %{z:.1%}<extra></extra>`,
  };
}

/**
 * Where the answer changes.
 * @param {number[]} x
 * @param {number[]} y
 * @param {(number | null)[][]} z
 */
function line(x, y, z) {
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

/** @param {Point[]} points */
function marks(points) {
  const tints = points.map((point) => color(isRight(point) ? "--correct" : "--incorrect"));
  return {
    type: "scatter",
    name: "examples",
    mode: "markers+text",
    x: points.map(({ inputs }) => inputs[0]),
    y: points.map(({ inputs }) => inputs[1]),
    text: points.map((point) => `${point.label} ${mark(point)}`),
    textfont: { color: tints, size: 14, weight: 700 },
    marker: { size: POINT, color: color("--surface"), line: { color: tints, width: 2 } },
    customdata: points.map(({ output }) => probability(output)),
    hovertemplate: "(%{x}, %{y}), true class: %{text}<br>class 1: %{customdata}<extra></extra>",
  };
}
