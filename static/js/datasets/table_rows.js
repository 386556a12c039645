/** Columns and cells of a table of examples. */

/** @import {DatasetInfo, Example} from "../../../types/api.js" */

import { count, counted, plainNumber } from "../core/format.js";
import { isRegression } from "./dataset_kind.js";

/**
 * Return the columns: the inputs of which examples have values, and the class or the targets.
 * @param {DatasetInfo} dataset
 */
export function tableColumns(dataset) {
  const { feature_names: inputs, target_names: targets, n_features: inputCount } = dataset;
  const outcomes = isRegression(dataset) ? targets : ["class"];
  return {
    inputs,
    inputsTitle: counted(inputCount, "input"),
    /** True if the examples have more inputs than the table shows. */
    hasMore: inputs.length < inputCount,
    outcomes,
    outcomesTitle: outcomes.length > 1 ? `${count(outcomes.length)} targets` : "To predict",
  };
}

/** Return the texts of a row. @param {DatasetInfo} dataset @param {Example} example */
export function tableRow(dataset, { inputs, label, targets }) {
  const className = dataset.class_names[label ?? -1] ?? String(label);
  return {
    inputs: inputs.map(plainNumber),
    outcomes: isRegression(dataset) ? targets.map(plainNumber) : [className],
  };
}
