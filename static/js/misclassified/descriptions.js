/** Text descriptions of the image list on the misclassified page. */
import { cost, count, marginText, percent } from "../core/format.js";
import { upperBound } from "../core/signed_numbers.js";
import { isFiltered } from "./view_state.js";

/**
 * @import {HistoryKind, ListedImage} from "../../../types/api.js"
 * @import {ImageFilter, ImageView} from "./view_state.js"
 * @typedef {{total: number, flagged: number}} Counts
 */

/**
 * Name and meaning of each kind of learning history up to the epoch on display.
 * @type {Record<HistoryKind, {name: string, meaning: string}>}
 */
export const HISTORIES = {
  early: {
    name: "learned early",
    meaning: "correct without interruption since the first half of these epochs",
  },
  late: {
    name: "learned late",
    meaning: "correct without interruption, but only since the second half of these epochs",
  },
  forgotten: { name: "forgotten", meaning: "correct in an earlier epoch, misclassified in the last of these" },
  flickering: {
    name: "flickering",
    meaning:
      "changed between correct and misclassified four times or more, twice or more in the second half of these epochs",
  },
  never: { name: "never learned", meaning: "misclassified in each of these epochs" },
};

/**
 * Return a text such as "margin 0.25", with the value of the image by which the list is sorted. The tile shows it
 * instead of the confidence. Return null if the list is sorted by confidence.
 * @param {ListedImage} item
 * @param {ImageView["sort"]} sort
 */
export function sortValueText(item, sort) {
  if (sort === "loss") return `loss ${cost(item.loss)}`;
  if (sort === "margin") return `margin ${marginText(item.margin, 2)}`;
  if (sort === "change") return item.change === null ? "change –" : `change ≤ ${upperBound(item.change)}`;
  if (sort === "label_error") return `score ${item.label_error?.score?.toFixed(2) ?? "–"}`;
  if (sort === "index") return `№ ${count(item.index)}`;
  if (sort === "learned")
    return item.learned_epoch === null ? "not learned" : `since epoch ${count(item.learned_epoch)}`;
  return null;
}

/**
 * Describe the number of images in the list and the filters that select them.
 * @param {Counts} list
 * @param {ImageFilter} view
 * @param {string[]} classNames
 * @param {number} epoch
 */
export function describeList({ total, flagged }, view, classNames, epoch) {
  const text = [describeImages(total, view, classNames), ...describeConditions(view, epoch)].join(", ");
  return view.suspects && total ? `${text}, ${count(flagged)} of ${count(total)} flagged` : text;
}

/**
 * Describe the number of images, their prediction outcome and their classes.
 * @param {number} total
 * @param {ImageFilter} view
 * @param {string[]} classNames
 */
function describeImages(total, view, classNames) {
  const of = view.true === null ? "" : ` of ${classNames[view.true]}`;
  const as = view.predicted === null ? "" : ` predicted as ${classNames[view.predicted]}`;
  if (view.suspects) return `${count(total)} label ${total === 1 ? "suspect" : "suspects"}${of}${as}`;
  const outcome = { any: "", right: "correctly classified ", wrong: "misclassified " }[view.answer];
  return `${count(total)} ${outcome}test ${total === 1 ? "image" : "images"}${of}${as}`;
}

/** Describe the filters other than class and prediction outcome. @param {ImageFilter} view @param {number} epoch */
function describeConditions(view, epoch) {
  const { history, flagged, max_margin: margin } = view;
  return [
    describeConfidence(view),
    margin === null
      ? ""
      : view.answer === "wrong"
        ? `nearly correct (margin up to ${margin})`
        : `with a margin up to ${margin}`,
    history === "any" ? "" : `${HISTORIES[history].name} up to epoch ${count(epoch)}`,
    flagged === "any" ? "" : flagged === "true" ? "flagged" : "not flagged",
  ].filter(Boolean);
}

/** Describe the limits of the confidence filter. @param {ImageFilter} view */
function describeConfidence({ min_confidence: low, max_confidence: high }) {
  if (low !== null && high !== null) return `with a confidence of ${formatLimit(low)} to ${formatLimit(high)}`;
  if (low !== null) return `with a confidence of ${formatLimit(low)} or more`;
  return high === null ? "" : `with a confidence of ${formatLimit(high)} or less`;
}

/** Format a limit with at most one decimal: 0.9 → "90%", 0.925 → "92.5%". @param {number} fraction */
function formatLimit(fraction) {
  return percent(fraction, 1).replace(".0%", "%");
}

/**
 * Describe why an image is not on the current page of the list.
 * @param {{true_label: number, predicted_label: number}} item
 * @param {ImageFilter} view
 */
export function describeAbsence(item, view) {
  const correct = item.true_label === item.predicted_label;
  if (correct && view.answer === "wrong") return "correct in this epoch";
  if (!correct && view.answer === "right") return "misclassified in this epoch";
  const other =
    isFiltered({ ...view, true: null, predicted: null, answer: "wrong" }) ||
    (view.true !== null && view.true !== item.true_label) ||
    (view.predicted !== null && view.predicted !== item.predicted_label);
  return other ? "not in this list" : "on another page";
}
