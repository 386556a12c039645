/** Kind and task of a data set: images or table, classification or regression. */

/** @import {DatasetInfo, Run} from "../../../types/api.js" */

/** @param {DatasetInfo | undefined} dataset */
export const isTable = (dataset) => dataset?.kind === "table";

/** @param {DatasetInfo | undefined} dataset */
export const isRegression = (dataset) => dataset?.task === "regression";

/** Return the noun for one example of a data set. @param {DatasetInfo | undefined} dataset */
export const exampleNoun = (dataset) => (isTable(dataset) ? "example" : "image");

/** Return the data set of a run. @param {readonly DatasetInfo[]} datasets @param {Run} run */
export function findDataset(datasets, run) {
  return datasets.find(({ name }) => name === run.hyperparameters.dataset);
}

/**
 * Return the splits on which the network of a run is evaluated, other than the training split. A table has only a
 * training split.
 * @param {Run} run
 * @param {DatasetInfo | undefined} dataset
 */
export function scoredSplits(run, dataset) {
  const hasImages = !isTable(dataset);
  return { validation: hasImages && Number(run.hyperparameters.validation_fraction) > 0, test: hasImages };
}
