/**
 * What follows from the choices: the shape of the network, and whether its data has to be downloaded first.
 *
 * @typedef {import("../../types/messages.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../types/messages.js").Value} Value
 */

import { bytes, count } from "./format.js";

/**
 * @param {DatasetInfo | undefined} dataset
 * @param {Value} hiddenSizes
 * @returns {string} such as "784 → 64 → 10: 50,890 parameters"; "" where the sizes cannot be read
 */
export function describeNetwork(dataset, hiddenSizes) {
  if (!dataset || !Array.isArray(hiddenSizes)) return "";
  const [height, width] = dataset.image_shape;
  const sizes = [height * width, ...hiddenSizes, dataset.class_names.length];
  // A layer has a weight from each unit of the one before, and a bias.
  const parameters = sizes.slice(1).reduce((sum, size, layer) => sum + size * (sizes[layer] + 1), 0);
  return `${sizes.join(" → ")}: ${count(parameters)} parameters`;
}

/**
 * @param {DatasetInfo | undefined} dataset
 * @returns {string}
 */
export function describeData(dataset) {
  if (!dataset) return "";
  const images = `${count(dataset.train_size)} images to learn from, ${count(dataset.test_size)} to test`;
  return dataset.available ? images : `${images}. ${bytes(dataset.download_bytes)} are downloaded first`;
}
