/**
 * Summary of the form: the shape of the network, and whether its data must be downloaded first.
 *
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { bytes, count, counted } from "../core/format.js";
import { isTable } from "../datasets/dataset_kind.js";

const CROPPED = 20 * 20; // pixels that are left of a large image
const LARGE = 28 * 28;

/**
 * @param {DatasetInfo | undefined} dataset
 * @param {Hyperparameters} values
 * @returns {string} such as "784 → 64 → 10: 50,890 parameters"; "" where the sizes cannot be read
 */
export function describeNetwork(dataset, { hidden_sizes: hidden, use_bias: bias, crop }) {
  if (!dataset || !Array.isArray(hidden)) return "";
  const cropped = crop === "center_20" && !isTable(dataset) && dataset.n_features === LARGE;
  const sizes = [cropped ? CROPPED : dataset.n_features, ...hidden, dataset.n_outputs];
  // A layer has a weight from each unit of the one before, and a bias.
  const biases = bias === false ? 0 : 1;
  const parameters = sizes.slice(1).reduce((sum, size, layer) => sum + size * (sizes[layer] + biases), 0);
  const ends = isTable(dataset) ? [counted(sizes[0], "input"), counted(sizes.at(-1), "output")] : sizes;
  const layers = [ends[0], ...sizes.slice(1, -1), ends.at(-1)];
  return `${layers.join(" → ")}: ${counted(parameters, "parameter")}`;
}

/**
 * @param {DatasetInfo | undefined} dataset
 * @param {Hyperparameters} values
 * @returns {string}
 */
export function describeData(dataset, { images_per_class: taken }) {
  if (!dataset) return "";
  if (isTable(dataset)) return `${counted(dataset.train_size, "example")}, all for training`;
  const all = dataset.train_size;
  const size = typeof taken === "number" && taken > 0 ? Math.min(all, taken * dataset.class_names.length) : all;
  const images = `${count(size)} training images, ${count(dataset.test_size)} test images`;
  return dataset.available ? images : `${images}. The first run downloads ${bytes(dataset.download_bytes)}`;
}
