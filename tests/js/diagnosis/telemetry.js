/** Telemetry as the server sends it, for tests. */

/** @import {LayerTelemetry, Telemetry} from "../../../types/api.js" */

/** @param {Partial<LayerTelemetry>} [changes] @returns {LayerTelemetry} */
export const layerTelemetry = (changes = {}) => ({
  n_units: 4,
  n_parameters: 100,
  gradient_norm: 0.1,
  weight_norm: 2,
  update_norm: 0.01,
  update_ratio: 0.005,
  update_cosine: 0.5,
  penalty_ratio: 0,
  sum_mean: 0,
  sum_std: 1,
  activation_mean: 0.5,
  activation_std: 0.2,
  saturated_fraction: 0,
  derivative_mean: 0.8,
  dead_fraction: 0,
  identical_fraction: 0,
  ...changes,
});

/** @param {number} epoch @param {Partial<LayerTelemetry>[]} layers @param {Partial<Telemetry>} [changes] @returns {Telemetry} */
export const telemetry = (epoch, layers, changes = {}) => ({
  epoch,
  step: null,
  layers: layers.map(layerTelemetry),
  first_cost: 2.31,
  expected_first_cost: Math.log(10),
  cost: 1,
  accuracy: 0.5,
  predicted_counts: [1, 1],
  output_mean: 0.5,
  output_std: 0.1,
  lost_gradient: null,
  ...changes,
});
