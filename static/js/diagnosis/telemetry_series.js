/**
 * Measurements inside the network after the measured epochs of a run, in columns for each layer. The server measures only
 * some epochs of a long or fast run.
 *
 * @import {Telemetry} from "../../../types/api.js"
 * @import {TelemetryStored} from "../../../types/events.js"
 *
 * @typedef {"gradient_norm" | "relative_gradient" | "update_ratio" | "dead_fraction" | "saturated_fraction"} Column
 * @typedef {number | null} Value null if it was not measured, NaN if it is not finite
 * @typedef {{value: number, epoch: number}} Measured a value, and the epoch in which it was measured
 */

const MEASURED = /** @type {const} */ (["gradient_norm", "update_ratio", "dead_fraction", "saturated_fraction"]);

export class TelemetrySeries {
  /** @param {number} layers number of layers */
  constructor(layers) {
    this.layers = layers;
    /** Last measured epoch. */
    this.last = 0;
    /** Cost before the first step, and its expected level. @type {{cost: number | null, expected: number | null} | null} */
    this.first = null;
    const empty = () => Array.from({ length: layers }, () => /** @type {Value[]} */ ([]));
    /** Values by layer and epoch. @type {Record<Column, Value[][]>} */
    this.columns = {
      gradient_norm: empty(),
      relative_gradient: empty(),
      update_ratio: empty(),
      dead_fraction: empty(),
      saturated_fraction: empty(),
    };
  }

  /** Add measurements, which may be known already. @param {readonly Telemetry[]} items */
  add(items) {
    for (const item of items) {
      this.first ??= { cost: item.first_cost, expected: item.expected_first_cost };
      if (item.step !== null || item.epoch < 1) continue; // a step of the first epoch
      this.#extend(item.epoch);
      item.layers.forEach((layer, index) => {
        // A gradient is always measured, so null means that it is not finite, and so are the other values.
        const missing = layer.gradient_norm === null ? NaN : null;
        for (const column of MEASURED) this.columns[column][index][item.epoch - 1] = layer[column] ?? missing;
        this.columns.relative_gradient[index][item.epoch - 1] = relativeGradient(layer, item.layers.at(-1) ?? layer);
      });
    }
  }

  /**
   * Add the measurements of an event, unless an earlier event has not arrived.
   * @param {Pick<TelemetryStored, "after" | "items">} event
   * @returns {boolean} false if measurements before the event are missing
   */
  addEvent({ after, items }) {
    if (after > this.last) return false;
    this.add(items);
    return true;
  }

  /** Let the columns contain an epoch. @param {number} epoch */
  #extend(epoch) {
    for (const layers of Object.values(this.columns)) {
      for (const values of layers) while (values.length < epoch) values.push(null);
    }
    this.last = Math.max(this.last, epoch);
  }

  /** Return the number of epochs in which a column was measured. @param {Column} column @param {number} layer */
  measuredEpochs(column, layer) {
    return this.columns[column][layer].filter((value) => value !== null).length;
  }

  /**
   * Return the value after an epoch, or the last one that was measured before it; null if there is none.
   * @param {Column} column
   * @param {number} layer index of the layer
   * @param {number} epoch
   * @returns {Measured | null}
   */
  at(column, layer, epoch) {
    const values = this.columns[column][layer];
    for (let index = Math.min(epoch, values.length) - 1; index >= 0; index -= 1) {
      const value = values[index];
      if (value !== null) return { value, epoch: index + 1 };
    }
    return null;
  }
}

/**
 * Return the gradient of a layer relative to that of the output layer: the ratio of their root mean squares over the
 * parameters. Without any gradient, all layers are equal.
 * @param {Telemetry["layers"][number]} layer
 * @param {Telemetry["layers"][number]} output
 */
function relativeGradient(layer, output) {
  const [own, last] = [layer, output].map(({ gradient_norm: norm, n_parameters: parameters }) =>
    norm === null ? NaN : norm / Math.sqrt(parameters),
  );
  return own === last ? 1 : own / last;
}
