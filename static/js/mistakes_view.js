/** What the misclassified page can show: the state in its address, and where the server keeps it. */
import { choice, integer, optionalInteger } from "./address_state.js";

/**
 * @typedef {object} MistakesView
 * @property {number | null} epoch null: the latest
 * @property {number | null} true class
 * @property {number | null} predicted class
 * @property {"confidence" | "loss" | "margin" | "index"} sort
 * @property {"desc" | "asc"} order
 * @property {number} offset
 * @property {number | null} image shown large, by its index in the test set
 */

export const PAGE_SIZE = 48;

/** @type {{[Name in keyof MistakesView]: import("./address_state.js").Codec<MistakesView[Name]>}} */
export const CODECS = {
  epoch: optionalInteger(1),
  true: optionalInteger(),
  predicted: optionalInteger(),
  sort: choice(["confidence", "loss", "margin", "index"]),
  order: choice(["desc", "asc"]),
  offset: integer(),
  image: optionalInteger(),
};

/**
 * @param {number} runId
 * @param {number} epoch
 * @param {MistakesView} view
 */
export function listAddress(runId, epoch, view) {
  const query = new URLSearchParams({ epoch: String(epoch), sort: view.sort, order: view.order });
  query.set("offset", String(view.offset));
  query.set("limit", String(PAGE_SIZE));
  if (view.true !== null) query.set("true", String(view.true));
  if (view.predicted !== null) query.set("predicted", String(view.predicted));
  return `/api/runs/${runId}/misclassified?${query}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 */
export function matrixAddress(runId, epoch) {
  return `/api/runs/${runId}/confusion_matrix?epoch=${epoch}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 * @param {number} index
 */
export function imageAddress(runId, epoch, index) {
  return `/api/runs/${runId}/predictions/${index}?epoch=${epoch}`;
}

/**
 * How many mistakes there are, and of what, in words.
 * @param {number} total
 * @param {{true: number | null, predicted: number | null}} view
 * @param {string[]} classNames
 */
export function describeTotal(total, view, classNames) {
  if (total === 0)
    return view.true === null && view.predicted === null ? "No mistakes" : "No mistakes under this filter";
  const images = total === 1 ? "1 test image" : `${total.toLocaleString("en-US")} test images`;
  const truth = view.true === null ? "" : ` of ${classNames[view.true]}`;
  if (view.predicted !== null) return `${images}${truth} wrongly read as ${classNames[view.predicted]}`;
  return `${images}${truth} read wrong`;
}

/**
 * Where an image is that is not among those shown.
 * @param {{true_label: number, predicted_label: number}} item
 * @param {{true: number | null, predicted: number | null}} view
 */
export function whereabouts(item, view) {
  if (item.true_label === item.predicted_label) return "right in this epoch";
  const listed =
    (view.true === null || view.true === item.true_label) &&
    (view.predicted === null || view.predicted === item.predicted_label);
  return listed ? "on another page" : "not among these";
}
