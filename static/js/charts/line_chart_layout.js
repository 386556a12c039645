/**
 * Traces and layout of a line chart for plotly.js, in the colors of the current theme.
 *
 * @typedef {"solid" | "dot" | "dash" | "dashdot"} Dash
 *
 * @typedef {object} Series
 * @property {string} key unique name of the series in its chart
 * @property {string} name displayed name; any text
 * @property {string} color CSS variable, such as "--train", or a color
 * @property {Dash} [dash]
 * @property {readonly number[]} x position of each epoch on the x-axis
 * @property {readonly (number | null)[]} y
 * @property {readonly (number | null)[]} [unsmoothed] values of the faint line behind a smoothed line
 *
 * @typedef {object} Scale
 * @property {"cost" | "accuracy"} kind
 * @property {boolean} log true if the y-axis is logarithmic
 * @property {import("./x_axis.js").XAxis} xAxis
 *
 * @typedef {{x: number, text: string}} Marker
 */

import { color } from "../core/colors.js";
import { escapeMarkup } from "./plotly_loader.js";
import { plotlyTheme } from "./plotly_theme.js";
import { AXES } from "./x_axis.js";

export const MARGIN = { l: 52, r: 12, t: 16, b: 38 };
const MAX_DOTS = 40; // charts with fewer epochs show a dot for each epoch
const MAX_THICK = 1000; // lines with more epochs are thinner, or a noisy line would look like a band
const HOVER = { cost: ".4g", accuracy: ".2%" };
// Without limits, plotly.js would show a constant accuracy of 100% on an axis from 0% to 200%.
const TICKS = {
  cost: { exponentformat: "e", minexponent: 3 },
  accuracy: { tickformat: ".2~%", autorangeoptions: { clipmin: -0.05, clipmax: 1.05 } },
};

/**
 * Return the color of a CSS variable such as "--train"; return any other argument unchanged.
 * @param {string} name
 * @returns {string}
 */
export const resolveColor = (name) => (name.startsWith("--") ? color(name) : name);

/**
 * Return the plotly.js traces of the series.
 * @param {readonly Series[]} series
 * @param {ReadonlySet<string>} hidden keys of the hidden series
 * @param {Scale} scale
 * @returns {any[]}
 */
export function traces(series, hidden, { kind }) {
  return series.flatMap((item) => {
    const lineColor = resolveColor(item.color);
    const visible = !hidden.has(item.key);
    const common = { x: item.x, visible, type: "scatter", showlegend: false };
    const line = { color: lineColor, width: item.x.length > MAX_THICK ? 1.5 : 2, dash: item.dash ?? "solid" };
    const main = {
      ...common,
      uid: item.key,
      y: item.y,
      name: escapeMarkup(item.name),
      mode: item.x.length < MAX_DOTS ? "lines+markers" : "lines",
      line,
      marker: { color: lineColor, size: 4 },
      hovertemplate: `%{y:${HOVER[kind]}}`,
    };
    if (!item.unsmoothed) return [main];
    const background = {
      ...common,
      uid: `${item.key} unsmoothed`,
      y: item.unsmoothed,
      mode: "lines",
      line: { ...line, width: 1, dash: "solid" },
      opacity: 0.4,
      hoverinfo: "skip",
    };
    return [background, main];
  });
}

/**
 * Return the plotly.js layout of the chart.
 * @param {Scale} scale
 * @param {{right: number, marker: Marker | null, draggable: boolean, epochs: number}} options
 *   `right`: right margin in pixels; `epochs`: number of completed epochs
 * @returns {any}
 */
export function layout({ kind, log, xAxis }, { right, marker, draggable, epochs }) {
  const { font, axis, paper } = plotlyTheme();
  return {
    ...paper,
    uirevision: "constant", // a constant keeps the zoom after an update
    margin: { ...MARGIN, r: right },
    dragmode: draggable ? "zoom" : false,
    hovermode: "x unified",
    xaxis: { ...axis, ...xAxisLayout(xAxis, epochs, font), fixedrange: !draggable },
    yaxis: {
      ...axis,
      type: log ? "log" : "linear",
      uirevision: `${xAxis} ${log}`,
      ...TICKS[kind],
      nticks: 6,
      fixedrange: !draggable,
      ...(epochs ? { autorange: true } : { range: [0, 1], autorange: false, showticklabels: false, showgrid: false }),
    },
    ...markerParts(marker, color("--ink-muted")),
  };
}

/**
 * @param {Scale["xAxis"]} xAxis
 * @param {number} epochs
 * @param {any} font
 */
function xAxisLayout(xAxis, epochs, font) {
  const { title, hoverformat, hovertitle } = AXES[xAxis];
  const counted = xAxis === "epochs";
  return {
    uirevision: xAxis,
    title: { text: title, standoff: 4, font },
    showgrid: false,
    showline: true,
    ticks: "outside",
    ...(counted && epochs < 10 ? { dtick: 1, tick0: 1 } : { nticks: 10 }),
    ...(counted && epochs < 2 ? { range: [0.5, 2.5], autorange: false } : { autorange: true }),
    ...(counted ? { autorangeoptions: { clipmin: 0.5 } } : { rangemode: "tozero" }),
    tickformat: ",",
    hoverformat,
    unifiedhovertitle: { text: hovertitle },
    showspikes: true,
    spikemode: "across",
    spikethickness: 1,
    spikedash: "solid",
    spikecolor: color("--line-strong"),
  };
}

/** Return the vertical line and the text of a marker. @param {Marker | null} marker @param {string} lineColor */
function markerParts(marker, lineColor) {
  if (!marker) return { shapes: [], annotations: [] };
  const { x } = marker;
  const position = { x, xref: "x", yref: "paper", y: 1 };
  const line = { color: lineColor, width: 1, dash: "dot" };
  return {
    shapes: [{ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, layer: "below", line }],
    annotations: [
      {
        ...position,
        text: marker.text,
        showarrow: false,
        yanchor: "bottom",
        yshift: -3,
        font: { size: 11, color: lineColor },
      },
    ],
  };
}
