/**
 * What a sketch of a network's outputs consists of; each kind of sketch has a module that makes one.
 *
 * @typedef {object} Sketch
 * @property {any[]} traces for plotly.js
 * @property {any} layout what differs from other sketches
 * @property {string} help how to read it, in one or two sentences
 * @property {boolean | null} right whether all is answered right; null where that is no question
 * @property {string} verdict how good the answers are
 * @property {{headings: string[], rows: string[][]} | null} table of the points, where there are few
 *
 * @typedef {{range?: [number, number]}} AxisOptions
 */

import { plotLook } from "./plot_look.js";
import { plainText } from "./plotly.js";

export const ABSENT = "–";

/**
 * An axis of a sketch: it tells its name, and cannot be dragged.
 * @param {string} name any text
 * @param {object} [more] plotly.js options
 */
export function sketchAxis(name, more = {}) {
  const { font, axis } = plotLook();
  return {
    ...axis,
    title: { text: plainText(name), standoff: 6, font },
    showline: true,
    ticks: "outside",
    nticks: 7,
    fixedrange: true,
    ...more,
  };
}

/**
 * @param {number} value an input or a target
 * @returns {string} without digits that say nothing: 0.5, 12, −1.234
 */
export function plainNumber(value) {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** @param {number | null} value an output @returns {string} */
export function outputNumber(value) {
  return value === null ? "not a number" : plainNumber(value);
}
