/** Hints below the form fields: layers and parameters of the network, and size of the data set. */

/** @import {DatasetInfo, Hyperparameters} from "../../../types/api.js" */

import { bytes, count, counted } from "../core/format.js";
import { isTable } from "../datasets/dataset_kind.js";

const FULL_SIZE = 28 * 28; // pixels of an image that can be cropped
const CROPPED_SIZE = 20 * 20;

/**
 * Describe the layers of the network, such as "784 → 64 → 10: 50,890 parameters".
 * @param {DatasetInfo | undefined} dataset
 * @param {Hyperparameters} values
 * @returns {string} empty if the sizes are invalid
 */
export function describeNetwork(dataset, { hidden_sizes: hidden, use_bias: bias, crop }) {
  if (!dataset || !Array.isArray(hidden)) return "";
  if (!hidden.every((size) => Number.isInteger(size) && size >= 1)) return "";
  const cropped = crop === "center_20" && !isTable(dataset) && dataset.n_features === FULL_SIZE;
  const sizes = [cropped ? CROPPED_SIZE : dataset.n_features, ...hidden, dataset.n_outputs];
  // Each unit has a weight for each unit of the previous layer, and a bias.
  const biases = bias === false ? 0 : 1;
  const parameters = sizes.slice(1).reduce((sum, size, layer) => sum + size * (sizes[layer] + biases), 0);
  const ends = isTable(dataset) ? [counted(sizes[0], "input"), counted(sizes.at(-1), "output")] : sizes.map(count);
  const layers = [ends[0], ...sizes.slice(1, -1).map(count), ends.at(-1)];
  return `${layers.join(" → ")}: ${counted(parameters, "parameter")}`;
}

/**
 * Describe the number of training and test examples, and the download if one is needed.
 * @param {DatasetInfo | undefined} dataset
 * @param {Hyperparameters} values
 */
export function describeData(dataset, { images_per_class: perClass }) {
  if (!dataset) return "";
  if (isTable(dataset)) return `${counted(dataset.train_size, "example")}, all for training`;
  const all = dataset.train_size;
  const size =
    typeof perClass === "number" && perClass > 0 ? Math.min(all, perClass * dataset.class_names.length) : all;
  const images = `${count(size)} training images, ${count(dataset.test_size)} test images`;
  return dataset.available ? images : `${images}. The first run downloads ${bytes(dataset.download_bytes)}`;
}
