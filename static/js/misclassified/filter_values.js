/** Values of the filters: common filters, each with one button, and limits of the confidence in percent. */
import { clamp } from "../core/numbers.js";
import { NO_FILTER } from "./view_state.js";

/** @import {ImageFilter, ImageView} from "./view_state.js" */

// A preset sets every filter except those of the classes and the learning history.
const { true: _true, predicted: _predicted, history: _history, ...DEFAULTS } = NO_FILTER;

/** @typedef {typeof DEFAULTS} PresetFilter */

/** @type {{name: string, meaning: string, filters: Partial<PresetFilter>}[]} */
const CHOICES = [
  { name: "Misclassified", meaning: "All misclassified images", filters: {} },
  {
    name: "Confidently misclassified",
    meaning: "Misclassified with a confidence of 90% or more",
    filters: { min_confidence: 0.9 },
  },
  {
    name: "Nearly correct",
    meaning: "Misclassified, but the output of the true class is at most 0.1 below that of the predicted class",
    filters: { max_margin: 0.1 },
  },
  {
    name: "Label suspects",
    meaning:
      "Misclassified images whose label may be wrong: the network, the nearest training images and other runs together favor another class",
    filters: { suspects: true },
  },
  {
    name: "Flagged",
    meaning: "All flagged images, correct or misclassified",
    filters: { flagged: "true", answer: "any" },
  },
  { name: "Include correct", meaning: "All test images, correct or misclassified", filters: { answer: "any" } },
  { name: "Correct", meaning: "All correctly classified images", filters: { answer: "right" } },
];

/** Presets with all filters that they set. */
export const PRESETS = CHOICES.map(({ name, meaning, filters }) => ({
  name,
  meaning,
  filter: { ...DEFAULTS, ...filters },
}));

/** Return true if a view has all filters of a preset. @param {PresetFilter} filter @param {ImageFilter} view */
export function isPresetOf(filter, view) {
  const names = /** @type {(keyof PresetFilter)[]} */ (Object.keys(filter));
  return names.every((name) => view[name] === filter[name]);
}

/**
 * Return the sort order after a change of filters: label suspects are sorted by label error first, other lists are not.
 * @param {Partial<ImageFilter>} change
 * @param {Pick<ImageView, "suspects" | "sort">} view
 * @returns {Partial<Pick<ImageView, "sort" | "order">>}
 */
export function sortAfter(change, view) {
  const { suspects = view.suspects } = change;
  if (suspects === view.suspects) return {};
  if (suspects) return { sort: "label_error", order: "desc" };
  return view.sort === "label_error" ? { sort: "confidence", order: "desc" } : {};
}

/** Format a fraction as the value of a percentage field. @param {number | null} fraction */
export function toPercentText(fraction) {
  return fraction === null ? "" : String(Math.round(1000 * fraction) / 10);
}

/**
 * Return the fraction for a percentage that a person entered, or null if it is not a number.
 * @param {number} percentage
 */
export function toFraction(percentage) {
  return Number.isNaN(percentage) ? null : Math.round(10 * clamp(percentage, 0, 100)) / 1000;
}

/** Return the limits in ascending order. @param {number | null} low @param {number | null} high */
export function orderLimits(low, high) {
  const crossed = low !== null && high !== null && low > high;
  return { min_confidence: crossed ? high : low, max_confidence: crossed ? low : high };
}
