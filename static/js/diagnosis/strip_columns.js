/**
 * Columns of a heat strip. A strip has fewer pixels than a long run has epochs, so a column can represent several epochs.
 * It shows the epoch that is farthest outside the healthy range. Without a measurement, it continues the last value.
 *
 * @import {Quantity, Side} from "./quantities.js"
 * @import {Value} from "./telemetry_series.js"
 *
 * @typedef {object} StripColumn
 * @property {number} epoch
 * @property {Side | "unknown"} side "unknown" before the first measurement
 * @property {number} strength distance from the healthy range, from 0 to 1
 */

import { clamp } from "../core/numbers.js";
import { judge } from "./quantities.js";

/**
 * @param {Quantity} quantity
 * @param {readonly Value[]} values value after each epoch
 * @param {number} epochs number of epochs on the axis; values may be missing at the end
 * @param {number} width width of the strip in pixels, the maximum number of columns
 * @returns {StripColumn[]}
 */
export function stripColumns(quantity, values, epochs, width) {
  const length = Math.min(epochs, Math.max(1, Math.floor(width)));
  /** Last measured value. @type {Value} */
  let last = null;
  return Array.from({ length }, (_, column) => {
    const start = Math.floor((column * epochs) / length);
    const end = Math.floor(((column + 1) * epochs) / length);
    /** @type {StripColumn | null} */
    let worst = null;
    for (let index = start; index < end; index += 1) {
      const value = values[index] ?? null;
      if (value === null) continue;
      last = value;
      const judgment = judge(quantity, value);
      if (!worst || judgment.strength > worst.strength) worst = { epoch: index + 1, ...judgment };
    }
    if (worst) return worst;
    return last === null ? { epoch: end, side: "unknown", strength: 0 } : { epoch: end, ...judge(quantity, last) };
  });
}

/**
 * Return the column at a position.
 * @template Column
 * @param {readonly Column[]} columns
 * @param {number} fraction position from the left edge of the strip, 0, to the right edge, 1
 */
export function columnAt(columns, fraction) {
  return columns[clamp(Math.floor(fraction * columns.length), 0, columns.length - 1)];
}
