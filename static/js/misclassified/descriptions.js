/** What the misclassified page lists, in words. */
import { cost, count, percent } from "../core/format.js";
import { isFiltered } from "./view_state.js";

/**
 * @typedef {import("./view_state.js").MistakesFilter} MistakesFilter
 * @typedef {import("../../../types/messages.js").HistoryKind} HistoryKind
 * @typedef {{total: number, flagged: number}} Counts
 */

/** What became of an image until the epoch that is shown. @type {Record<HistoryKind, {name: string, meaning: string}>} */
export const HISTORIES = {
  early: { name: "learned early", meaning: "right without a break since the first half of the epochs" },
  late: { name: "learned late", meaning: "right without a break, but only since the second half of the epochs" },
  forgotten: { name: "forgotten", meaning: "right in an earlier epoch, wrong in this one" },
  flickering: { name: "flickering", meaning: "right and wrong by turns: it changed four times or more, lately too" },
  never: { name: "never learned", meaning: "wrong in every epoch up to this one" },
};

/**
 * The figure of an image that a list is sorted by, in words; null where a tile has it anyway.
 * @param {import("../../../types/messages.js").Mistake} item
 * @param {import("./view_state.js").MistakesView["sort"]} sort
 */
export function sortFigure(item, sort) {
  if (sort === "loss") return `loss ${cost(item.loss)}`;
  if (sort === "margin") return `margin ${item.margin === null ? "–" : item.margin.toFixed(2)}`;
  if (sort === "change") return `change ${item.change === null ? "–" : item.change.toFixed(2)}`;
  if (sort === "index") return `№ ${count(item.index)}`;
  if (sort === "learned") return item.learned_epoch === null ? "not learned" : `epoch ${count(item.learned_epoch)}`;
  return null;
}

/**
 * How many images are listed, and which.
 * @param {Counts} list
 * @param {MistakesFilter} view
 * @param {string[]} classNames
 */
export function describeList({ total, flagged }, view, classNames) {
  if (total === 0) return isFiltered(view) ? "No images under these filters" : "No mistakes";
  const words = [subject(total, view, classNames), ...conditions(view)].join(", ");
  return view.suspects ? `${words}, ${count(flagged)} of ${count(total)} flagged` : words;
}

/**
 * @param {number} total
 * @param {MistakesFilter} view
 * @param {string[]} classNames
 */
function subject(total, view, classNames) {
  const of = view.true === null ? "" : ` of ${classNames[view.true]}`;
  const as = view.predicted === null ? "" : ` as ${classNames[view.predicted]}`;
  if (view.suspects) return `${count(total)} label ${total === 1 ? "suspect" : "suspects"}${of}${as && ` read${as}`}`;
  const images = `${count(total)} test ${total === 1 ? "image" : "images"}${of}`;
  if (view.answer === "any") return as ? `${images} read${as}` : images;
  if (view.answer === "right") return `${images} read right`;
  return as ? `${images} wrongly read${as}` : `${images} read wrong`;
}

/** @param {MistakesFilter} view */
function conditions(view) {
  const { history, flagged, max_margin: margin } = view;
  return [
    confidence(view),
    margin === null
      ? ""
      : view.answer === "wrong"
        ? `nearly right (margin up to ${margin})`
        : `with a margin up to ${margin}`,
    history === "any" ? "" : HISTORIES[history].name,
    flagged === "any" ? "" : flagged === "true" ? "flagged" : "not flagged",
  ].filter(Boolean);
}

/** @param {MistakesFilter} view */
function confidence({ min_confidence: low, max_confidence: high }) {
  if (low !== null && high !== null) return `with a confidence of ${written(low)} to ${written(high)}`;
  if (low !== null) return `with a confidence of ${written(low)} or more`;
  return high === null ? "" : `with a confidence of ${written(high)} or less`;
}

/** A limit as a person set it: 0.9 → "90%", 0.925 → "92.5%". @param {number} fraction */
function written(fraction) {
  return percent(fraction, 1).replace(".0%", "%");
}

/**
 * Where an image is that is not among those shown.
 * @param {{true_label: number, predicted_label: number}} item
 * @param {MistakesFilter} view
 */
export function whereabouts(item, view) {
  const right = item.true_label === item.predicted_label;
  if (right && view.answer === "wrong") return "right in this epoch";
  if (!right && view.answer === "right") return "wrong in this epoch";
  const other =
    isFiltered({ ...view, true: null, predicted: null, answer: "wrong" }) ||
    (view.true !== null && view.true !== item.true_label) ||
    (view.predicted !== null && view.predicted !== item.predicted_label);
  return other ? "not among these" : "on another page";
}
