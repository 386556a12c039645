/**
 * Layout of a line chart: plotly.js traces and layout, from series and the colors of the current theme.
 *
 * @typedef {"solid" | "dot" | "dash" | "dashdot"} Dash
 *
 * @typedef {object} Series
 * @property {string} key names the series in the chart
 * @property {string} name as people see it; any text
 * @property {string} color a token of tokens.css, such as "--train", or a color
 * @property {Dash} [dash]
 * @property {readonly number[]} x of every epoch, from the first
 * @property {readonly (number | null)[]} y
 * @property {readonly (number | null)[]} [faint] drawn faintly behind, where `y` is smoothed
 *
 * @typedef {object} Scale
 * @property {"cost" | "accuracy"} kind
 * @property {boolean} log whether the vertical axis is logarithmic
 * @property {import("./x_axis.js").XAxis} xAxis
 *
 * @typedef {{x: number, text: string}} Marker
 */

import { color } from "../core/colors.js";
import { plainText } from "./plotly_loader.js";
import { plotlyTheme } from "./plotly_theme.js";
import { AXES } from "./x_axis.js";

export const MARGIN = { l: 52, r: 12, t: 16, b: 38 };
const FEW = 40; // epochs: below this each one has a dot
const MANY = 1000; // epochs: above this lines are thin, or they would be a band
const HOVER = { cost: ".4g", accuracy: ".2%" };
// Of a line that stays at 100% plotly.js would show 0% to 200%.
const TICKS = {
  cost: { exponentformat: "e", minexponent: 3 },
  accuracy: { tickformat: ".2~%", autorangeoptions: { clipmin: -0.05, clipmax: 1.05 } },
};

/** @param {string} name @returns {string} */
export const resolved = (name) => (name.startsWith("--") ? color(name) : name);

/**
 * @param {readonly Series[]} series
 * @param {ReadonlySet<string>} hidden keys of series that are switched off
 * @param {Scale} scale
 * @returns {any[]}
 */
export function traces(series, hidden, { kind }) {
  return series.flatMap((one) => {
    const tint = resolved(one.color);
    const visible = !hidden.has(one.key);
    const common = { x: one.x, visible, type: "scatter", showlegend: false };
    const line = { color: tint, width: one.x.length > MANY ? 1.5 : 2, dash: one.dash ?? "solid" };
    const main = {
      ...common,
      uid: one.key,
      y: one.y,
      name: plainText(one.name),
      mode: one.x.length < FEW ? "lines+markers" : "lines",
      line,
      marker: { color: tint, size: 4 },
      hovertemplate: `%{y:${HOVER[kind]}}`,
    };
    if (!one.faint) return [main];
    const behind = {
      ...common,
      uid: `${one.key} unsmoothed`,
      y: one.faint,
      mode: "lines",
      line: { ...line, width: 1, dash: "solid" },
      opacity: 0.4,
      hoverinfo: "skip",
    };
    return [behind, main];
  });
}

/**
 * @param {Scale} scale
 * @param {{right: number, marker: Marker | null, draggable: boolean, epochs: number}} options
 *   `right`: room for the labels at the ends of the lines, in pixels; `epochs`: the last one
 * @returns {any}
 */
export function layout({ kind, log, xAxis }, { right, marker, draggable, epochs }) {
  const { font, axis, paper } = plotlyTheme();
  return {
    ...paper,
    uirevision: "kept",
    margin: { ...MARGIN, r: right },
    dragmode: draggable ? "zoom" : false,
    hovermode: "x unified",
    xaxis: { ...axis, ...horizontalAxis(xAxis, epochs, font), fixedrange: !draggable },
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
function horizontalAxis(xAxis, epochs, font) {
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

/** @param {Marker | null} marker @param {string} ink */
function markerParts(marker, ink) {
  if (!marker) return { shapes: [], annotations: [] };
  const { x } = marker;
  const place = { x, xref: "x", yref: "paper", y: 1 };
  const line = { color: ink, width: 1, dash: "dot" };
  return {
    shapes: [{ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, layer: "below", line }],
    annotations: [
      { ...place, text: marker.text, showarrow: false, yanchor: "bottom", yshift: -3, font: { size: 11, color: ink } },
    ],
  };
}
