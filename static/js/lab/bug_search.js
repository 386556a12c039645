/** Search in the list of documented bugs. */

/** @import {LabBug} from "../../../types/api.js" */

/** @typedef {"all" | "visible" | "invisible"} Visibility whether a gradient check sees the bug */

/**
 * Return true if each word of the search occurs in the texts of a bug.
 * @param {LabBug} bug
 * @param {string} search
 * @param {Visibility} visibility
 */
export function matchesBug(bug, search, visibility) {
  if (visibility !== "all" && bug.visible !== (visibility === "visible")) return false;
  const { id, title, place, symptom, source, right, wrong } = bug;
  const lines = [right.formula, right.numpy, wrong.formula, wrong.numpy];
  const texts = [id, title, place, symptom, source, ...lines].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => texts.includes(word));
}

/**
 * Return the bugs by place, in the order in which the places first occur.
 * @param {readonly LabBug[]} bugs
 * @returns {[string, LabBug[]][]}
 */
export function bugsByPlace(bugs) {
  /** @type {Map<string, LabBug[]>} */
  const places = new Map();
  for (const bug of bugs) places.set(bug.place, [...(places.get(bug.place) ?? []), bug]);
  return [...places];
}
