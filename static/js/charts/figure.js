/**
 * The parts of a figure of the network's outputs; each kind of figure has its own module.
 *
 * @typedef {object} OutputFigure
 * @property {any[]} traces for plotly.js
 * @property {any} layout what differs from other sketches
 * @property {string} help how to read it, in one or two sentences
 * @property {boolean | null} right whether all is answered right; null where that is no question
 * @property {string} verdict how good the answers are
 * @property {{headings: string[], rows: string[][]} | null} table of the points, where there are few
 */

import { plainText } from "./plotly_loader.js";
import { plotlyTheme } from "./plotly_theme.js";

/**
 * An axis of a sketch: it tells its name, and cannot be dragged.
 * @param {string} name any text
 * @param {object} [more] plotly.js options
 */
export function plotAxis(name, more = {}) {
  const { font, axis } = plotlyTheme();
  return {
    ...axis,
    title: { text: plainText(name), standoff: 6, font },
    showline: true,
    ticks: "outside",
    nticks: 7,
    exponentformat: "e",
    minexponent: 3,
    automargin: true,
    fixedrange: true,
    ...more,
  };
}

/**
 * @param {number} value an input, a target or an output
 * @returns {string} with four digits at most, and none that says nothing: 0.5, 12, −1.234, 27,290, 5.55e+5
 */
export function plainNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(2).replace(/^-/, "−");
  return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");
}

/** @param {number | null} value an output @returns {string} */
export function outputNumber(value) {
  return value === null ? "not a number" : plainNumber(value);
}
