/**
 * Summary of a chart in words.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 */

import { count, counted } from "../core/format.js";

/**
 * Describe the course of each line: its first and last value, and its best value if that is not the last.
 * @param {object} chart
 * @param {string} chart.title
 * @param {"cost" | "accuracy"} chart.kind the best value is the lowest cost or the highest accuracy
 * @param {readonly Series[]} chart.series
 * @param {(value: number | null) => string} chart.format
 */
export function describeChart({ title, kind, series, format }) {
  const epochs = Math.max(0, ...series.map(({ x }) => x.length));
  if (epochs === 0) return "No epochs yet.";
  const lines = series.map((line) => describeLine(line, kind, format)).filter((text) => text !== "");
  return lines.length ? `${title} over ${counted(epochs, "epoch")}: ${lines.join("; ")}.` : "";
}

/**
 * @param {Series} line
 * @param {"cost" | "accuracy"} kind
 * @param {(value: number | null) => string} format
 */
function describeLine({ name, y, unsmoothed }, kind, format) {
  const values = unsmoothed ?? y;
  const finite = values.flatMap((value, index) => (value === null ? [] : [{ value, epoch: index + 1 }]));
  const last = finite.at(-1);
  if (!last) return "";
  const first = finite[0];
  const [from, to] = [format(first.value), format(last.value)];
  const course =
    finite.length === 1
      ? to
      : from === to
        ? `stayed at ${to}`
        : `${verb(first.value, last.value)} from ${from} to ${to}`;
  const sign = kind === "cost" ? -1 : 1;
  const best = finite.reduce((found, point) => (sign * point.value > sign * found.value ? point : found));
  const shown = format(best.value);
  const extreme =
    shown === to || shown === from
      ? ""
      : `, ${kind === "cost" ? "lowest" : "highest"} ${shown} at epoch ${count(best.epoch)}`;
  const end = last.epoch < values.length ? `, not finite after epoch ${count(last.epoch)}` : "";
  return `${name} ${course}${extreme}${end}`;
}

/** @param {number} first @param {number} last */
const verb = (first, last) => (last < first ? "fell" : "rose");
