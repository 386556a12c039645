/**
 * Traces and layout of a line chart for plotly.js, in the colors of the current theme.
 *
 * @typedef {object} Series
 * @property {string} key unique id of the series in its chart: letters, digits and hyphens, because plotly.js uses it in
 *   CSS selectors
 * @property {string} name displayed name; any text
 * @property {string} [endName] shorter name at the end of the line
 * @property {string} color CSS variable, such as "--train", or a color
 * @property {number} number number of the line from 1, which selects its dash pattern in forced colors
 * @property {string} [dash] dash pattern, as in legend.js
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
 * @import {Range} from "./zoom.js"
 */

import { color } from "../core/colors.js";
import { DASHES, SOLID } from "./legend.js";
import { escapeMarkup } from "./plotly_loader.js";
import { hasForcedColors, plotlyTheme } from "./plotly_theme.js";
import { valueTicks } from "./value_ticks.js";
import { AXES } from "./x_axis.js";

export const MARGIN = { l: 52, r: 22, t: 16, b: 38 };
const CHARACTER_WIDTH = 7; // px, of a label of the y-axis
const TICK_SPACE = 10; // px, beside such a label
const NO_VALUES = { range: [0, 1], autorange: false, tickvals: [], showgrid: false };
const MAX_DOTS = 40; // charts with fewer visible epochs show a dot for each epoch
const MAX_THICK = 1000; // lines with more epochs are thinner, or a noisy line would look like a band
const HOVER = { cost: ".4g", accuracy: ".2%" };

/**
 * Return the series with different dashes in forced colors, whose users may not distinguish the colors of the lines.
 * @param {readonly Series[]} series
 */
export function distinguishLines(series) {
  if (!hasForcedColors()) return series;
  return series.map((line) => ({ ...line, dash: DASHES[(line.number - 1) % DASHES.length] }));
}

/**
 * Return the plotly.js traces of the series.
 * @param {readonly Series[]} series points to draw
 * @param {ReadonlySet<string>} hidden keys of the hidden series
 * @param {Scale} scale
 * @param {number} epochs number of completed epochs
 * @returns {any[]}
 */
export function traces(series, hidden, { kind }, epochs) {
  return series.flatMap((item) => {
    const lineColor = item.color.startsWith("--") ? color(item.color) : item.color;
    const common = { x: item.x, visible: !hidden.has(item.key), type: "scatter", showlegend: false };
    const line = { color: lineColor, width: epochs > MAX_THICK ? 1.5 : 2, dash: item.dash ?? SOLID };
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
      uid: `${item.key}-unsmoothed`,
      y: item.unsmoothed,
      mode: "lines",
      line: { ...line, width: 1, dash: SOLID },
      opacity: 0.4,
      hoverinfo: "skip",
    };
    return [background, main];
  });
}

/**
 * Return the plotly.js layout of the chart.
 * @param {Scale} scale
 * @param {object} options
 * @param {number} options.right right margin, px
 * @param {Marker | null} options.marker
 * @param {boolean} options.draggable true if a person can zoom with the pointer
 * @param {number} options.last the last position, which can exceed the number of points
 * @param {Range | null} options.x visible positions, or null for all
 * @param {Range | null} options.y visible values, or null if there are none
 * @param {number} options.ticks maximum number of labels on the x-axis
 * @returns {any}
 */
export function layout({ kind, log, xAxis }, { right, marker, draggable, last, x, y, ticks }) {
  const { font, axis: common, paper } = plotlyTheme();
  // Otherwise plotly.js measures all labels, which takes a third of the drawing time.
  const axis = { ...common, ticklabeloverflow: "allow" };
  const labels = y ? valueTicks(y, { log, percent: kind === "accuracy" }) : [];
  const longest = Math.max(0, ...labels.map(({ text }) => text.length));
  return {
    ...paper,
    margin: { ...MARGIN, l: Math.max(MARGIN.l, CHARACTER_WIDTH * longest + TICK_SPACE), r: right },
    dragmode: draggable ? "zoom" : false,
    hovermode: "x unified",
    xaxis: {
      ...axis,
      ...xAxisLayout(xAxis, last, x, ticks, font),
      fixedrange: !draggable,
    },
    yaxis: {
      ...axis,
      type: log ? "log" : "linear",
      fixedrange: !draggable,
      tickmode: "array",
      tickvals: labels.map(({ value }) => value),
      ticktext: labels.map(({ text }) => text),
      ...(y ? { range: log ? y.map(Math.log10) : [...y], autorange: false } : NO_VALUES),
    },
    ...markerParts(marker, color("--ink-muted")),
  };
}

/**
 * @param {Scale["xAxis"]} xAxis
 * @param {number} last
 * @param {Range | null} visible
 * @param {number} ticks
 * @param {any} font
 */
function xAxisLayout(xAxis, last, visible, ticks, font) {
  const { title, hoverformat, hovertitle } = AXES[xAxis];
  const counted = xAxis === "epochs";
  const span = visible ? visible[1] - visible[0] : counted ? last : Infinity;
  const isWhole = xAxis !== "seconds" && span < ticks; // no labels between two epochs
  return {
    title: { text: title, standoff: 4, font },
    showgrid: false,
    showline: true,
    ticks: "outside",
    ...(isWhole ? { dtick: 1, tick0: 1 } : { nticks: ticks, tickangle: 0 }),
    ...(counted && last < 2 ? { range: [0.5, 2.5], autorange: false } : { autorange: true }),
    ...(visible && { range: [...visible], autorange: false }),
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
  const { x, text } = marker;
  const axes = { xref: "x", yref: "paper" };
  const line = { color: lineColor, width: 1, dash: "dot" };
  const font = { size: 11, color: lineColor };
  return {
    shapes: [{ ...axes, type: "line", x0: x, x1: x, y0: 0, y1: 1, layer: "below", line }],
    annotations: [{ ...axes, x, y: 1, text, showarrow: false, yanchor: "bottom", yshift: -3, font }],
  };
}
