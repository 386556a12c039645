/** Texts that compare a run with the earlier run whose hyperparameters and seed it took over. */

import { differenceRows, resultRows } from "./rows.js";

/**
 * @import {FieldInfo, Run} from "../../../types/api.js"
 * @import {Row} from "./rows.js"
 * @typedef {Pick<FieldInfo, "name" | "label" | "choice_names" | "applies_when">} Field
 */

/** Return the results of both runs. @param {Run} earlier @param {Run} run @param {readonly Field[]} fields @returns {Row[]} */
export function beforeAfterRows(earlier, run, fields) {
  return [...resultRows([earlier, run]), ...differenceRows([earlier, run], fields)];
}

/** Describe the changes: "Activation: Sigmoid → ReLU. …". @param {Run} earlier @param {Run} run @param {readonly Field[]} fields */
export function changedText(earlier, run, fields) {
  const changes = differenceRows([earlier, run], fields).map(({ label, cells }) => `${label}: ${cells.join(" → ")}`);
  const same = "Both runs have the same seed";
  if (changes.length === 0) return `${same} and the same hyperparameters.`;
  return `Changed: ${changes.join("; ")}. ${same}, and all other hyperparameters are the same.`;
}

/** @param {number} id of the earlier run */
export function deletedText(id) {
  return `This run took over the hyperparameters and the seed of run ${id}, which was deleted.`;
}
