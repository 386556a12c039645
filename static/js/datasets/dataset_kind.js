/**
 * Kind and task of a data set: images or table, classification or regression.
 *
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Run} Run
 */

/** @param {DatasetInfo | undefined} dataset */
export const isTable = (dataset) => dataset?.kind === "table";

/** @param {DatasetInfo | undefined} dataset */
export const isRegression = (dataset) => dataset?.task === "regression";

/** The noun for one example of the data set. @param {DatasetInfo | undefined} dataset */
export const exampleNoun = (dataset) => (isTable(dataset) ? "example" : "image");

/**
 * @param {readonly DatasetInfo[]} datasets
 * @param {Run} run
 */
export function findDataset(datasets, run) {
  return datasets.find(({ name }) => name === run.hyperparameters.dataset);
}

/**
 * What the epochs of a run score beside its training examples; every example of a table is one to train on.
 * @param {Run} run
 * @param {DatasetInfo | undefined} dataset
 */
export function scoredSplits(run, dataset) {
  const pictures = !isTable(dataset);
  return { validation: pictures && Number(run.hyperparameters.validation_fraction) > 0, test: pictures };
}
