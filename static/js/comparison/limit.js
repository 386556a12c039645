/** Limit of the number of compared runs, and what the page says about runs that are not compared. */

import { counted } from "../core/format.js";

/** Maximum number of compared runs, which is the number of colors in comparison.css. */
export const MAX_COMPARED = 8;

/** Message for a person who selects one more run. */
export const LIMIT_REACHED = `At most ${MAX_COMPARED} runs can be compared. Deselect one to select another.`;

/**
 * Return the ids that are compared, and a sentence about those that are not, for example in an old link.
 * @param {readonly number[]} ids
 * @param {(id: number) => boolean} isAbsent returns true for a run that does not exist
 * @returns {{compared: number[], note: string}}
 */
export function limitCompared(ids, isAbsent) {
  const existing = ids.filter((id) => !isAbsent(id));
  const left = existing.slice(MAX_COMPARED);
  const note = left.length
    ? `The address contains ${counted(existing.length, "run")}, but at most ${MAX_COMPARED} can be compared: ` +
      `${nameRuns(left)} ${left.length === 1 ? "is" : "are"} not compared.`
    : "";
  return { compared: existing.slice(0, MAX_COMPARED), note };
}

/** Name runs by their numbers: [3] → "run 3", [3, 5] → "runs 3, 5". @param {readonly number[]} ids */
function nameRuns(ids) {
  return `${ids.length === 1 ? "run" : "runs"} ${ids.join(", ")}`;
}
