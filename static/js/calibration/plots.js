/** Plots of the calibration section: accuracy by coverage, and reliability diagram. */
import { plotAxis } from "../charts/figure.js";
import { color } from "../core/colors.js";
import { counted, percent } from "../core/format.js";

/** @import {Calibration, CalibrationThreshold} from "../../../types/api.js" */
/** @import {PlotContent} from "../charts/figure_plot.js" */

const PERCENT = { tickformat: ".3~p", hoverformat: ".2%" };

/**
 * Return the plot of accuracy by coverage, with the chosen threshold marked.
 * @param {Calibration} calibration
 * @param {CalibrationThreshold} chosen
 * @returns {PlotContent}
 */
export function coverageCurve({ thresholds }, chosen) {
  const defined = thresholds.filter(({ accuracy }) => accuracy !== null);
  const line = {
    type: "scatter",
    mode: "lines",
    x: defined.map(({ coverage }) => coverage),
    y: defined.map(({ accuracy }) => accuracy),
    customdata: defined.map(({ threshold }) => threshold),
    hovertemplate: "threshold %{customdata:.0%}: coverage %{x}, accuracy %{y}<extra></extra>",
    line: { color: color("--test"), width: 2 },
  };
  const point = {
    type: "scatter",
    mode: "markers",
    x: [chosen.coverage],
    y: [chosen.accuracy],
    hoverinfo: "skip",
    marker: { color: color("--accent"), size: 11, line: { color: color("--surface"), width: 2 } },
  };
  return {
    traces: chosen.accuracy === null ? [line] : [line, point],
    layout: {
      xaxis: plotAxis("Coverage (images above the threshold)", { ...PERCENT, autorange: "reversed" }),
      yaxis: plotAxis("Accuracy above the threshold", { ...PERCENT, nticks: 5 }),
    },
  };
}

/** Return the reliability diagram. @param {Calibration} calibration @returns {PlotContent} */
export function reliabilityDiagram({ bins }) {
  const nonempty = bins.filter(({ accuracy }) => accuracy !== null);
  const bars = {
    type: "bar",
    x: nonempty.map(({ lower, upper }) => (lower + upper) / 2),
    y: nonempty.map(({ accuracy }) => accuracy),
    width: nonempty.map(({ lower, upper }) => 0.92 * (upper - lower)),
    customdata: nonempty.map((bin) => [counted(bin.images, "image"), percent(bin.confidence), percent(bin.accuracy)]),
    hovertemplate: "%{customdata[0]}:<br>confidence %{customdata[1]}, accuracy %{customdata[2]}<extra></extra>",
    marker: { color: color("--test"), opacity: 0.75 },
  };
  const ideal = {
    type: "scatter",
    mode: "lines",
    x: [0, 1],
    y: [0, 1],
    hoverinfo: "skip",
    line: { color: color("--ink-muted"), width: 1.5, dash: "dash" },
  };
  const range = { range: [0, 1], ...PERCENT, nticks: 6 };
  return {
    traces: [bars, ideal],
    layout: { xaxis: plotAxis("Confidence", range), yaxis: plotAxis("Accuracy", range) },
  };
}
