/** Text that explains why the label of an image is suspect. */
import { count } from "../core/format.js";

/** @import {ListedImage} from "../../../types/api.js" */

/**
 * Describe the evidence against the label, or return an empty text if there is none.
 * @param {Pick<ListedImage, "true_label" | "label_error">} item
 * @param {string[]} classNames
 */
export function describeLabelError({ true_label, label_error: found }, classNames) {
  if (!found || found.suggested_label === true_label) return "";
  const { neighbors, runs } = found;
  const [suggested, label] = [classNames[found.suggested_label], classNames[true_label]];
  const nearest =
    `Of the ${count(neighbors.total)} nearest training images, ${count(neighbors.suggested)} ` +
    `${neighbors.suggested === 1 ? "is" : "are"} labeled ${suggested} and ${count(neighbors.label)} ${label}.`;
  const others = `Of ${count(runs.total)} other ${runs.total === 1 ? "run" : "runs"} on these images, ${count(runs.suggested)} ${
    runs.suggested === 1 ? "predicts" : "predict"
  } ${suggested} and ${count(runs.label)} ${label}.`;
  return `Label suspect, possibly ${suggested} instead of ${label}. ${nearest}${runs.total ? ` ${others}` : ""}`;
}
