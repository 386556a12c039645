/**
 * Summary of a chart in words.
 *
 * @import {Series} from "./line_chart_layout.js"
 * @import {XAxis} from "./x_axis.js"
 */

import { count, counted } from "../core/format.js";

/**
 * Describe the course of each line: its first and last value, and its best value if that is not the last.
 * @param {object} chart
 * @param {string} chart.title
 * @param {"cost" | "accuracy"} chart.kind the best value is the lowest cost or the highest accuracy
 * @param {readonly Series[]} chart.series
 * @param {XAxis} [chart.xAxis] over epochs, a line can skip some
 * @param {(value: number | null) => string} chart.format
 */
export function describeChart({ title, kind, series, xAxis = "epochs", format }) {
  const epochsOf = (/** @type {Series} */ { x }) => (xAxis === "epochs" ? x : x.map((_, index) => index + 1));
  const epochs = Math.max(0, ...series.map((line) => epochsOf(line).at(-1) ?? 0));
  if (epochs === 0) return "No epochs yet.";
  const lines = series.map((line) => describeLine(line, kind, format, epochsOf(line))).filter((text) => text !== "");
  return lines.length ? `${title} over ${counted(epochs, "epoch")}: ${lines.join("; ")}.` : "";
}

/**
 * Return why the plot is empty, or an empty text if it is not.
 * @param {readonly Series[]} visible visible series
 * @param {number} epochs number of completed epochs
 * @param {boolean} log true if only positive values have a place on the axis
 */
export function describeEmpty(visible, epochs, log) {
  if (epochs === 0) return "The first epoch draws the first point.";
  if (visible.length === 0) return "All lines are hidden.";
  const hasPoint = visible.some(({ y }) => y.some((value) => value !== null && (value > 0 || !log)));
  return hasPoint ? "" : `There is no ${log ? "positive" : "finite"} value.`;
}

/** @param {Series} line @param {"cost" | "accuracy"} kind @param {(value: number | null) => string} format @param {readonly number[]} epochs */
function describeLine({ name, y, unsmoothed }, kind, format, epochs) {
  const values = unsmoothed ?? y;
  const hasValue = (/** @type {number | null} */ value) => value !== null;
  const [first, last] = [values.findIndex(hasValue), values.findLastIndex(hasValue)];
  if (first < 0) return "";
  const at = (/** @type {number} */ index) => /** @type {number} */ (values[index]);
  let best = first;
  values.forEach((value, index) => {
    if (value !== null && (kind === "cost" ? value < at(best) : value > at(best))) best = index;
  });
  const [from, to, extreme] = [first, last, best].map((index) => format(at(index)));
  const verb = at(last) < at(first) ? "fell" : "rose";
  const course = first === last ? to : from === to ? `stayed at ${to}` : `${verb} from ${from} to ${to}`;
  const word = kind === "cost" ? "lowest" : "highest";
  const where = extreme === to || extreme === from ? "" : `, ${word} ${extreme} at epoch ${count(epochs[best])}`;
  const end = last < values.length - 1 ? `, not finite after epoch ${count(epochs[last])}` : "";
  return `${name} ${course}${where}${end}`;
}
