/** Summary of a configuration before its first step, and the notes that no visible field can show. */

/** @import {FieldNote, Preflight} from "../../../types/api.js" */

import { cost, plainNumber } from "../core/format.js";

/**
 * Describe the start: "Cost before the first step 2.31, expected 2.30 · step length 0.4 of 2".
 * @param {Preflight | null} preflight
 * @returns {string} empty if nothing is known
 */
export function describeStart(preflight) {
  if (!preflight) return "";
  const { first_cost: first, expected_first_cost: expected, step_length: length, step_limit: limit } = preflight;
  const costs = `Cost before the first step ${threeDigits(first)}, expected ${threeDigits(expected)}`;
  if (limit === null || first === null) return costs; // without a limit, the optimizer scales its steps
  if (length === null) return `${costs} · step length not computed for so many parameters`;
  return `${costs} · step length ${plainNumber(Number(length.toPrecision(2)))} of ${plainNumber(limit)}`;
}

/**
 * Divide the notes into those that a visible field shows, by its name, and all others.
 * @param {FieldNote[]} notes
 * @param {(field: string) => boolean} isVisible
 * @returns {{beside: Record<string, FieldNote>, above: FieldNote[]}}
 */
export function placeNotes(notes, isVisible) {
  const above = notes.filter(({ field }) => field === null || !isVisible(field));
  const beside = notes.filter((note) => !above.includes(note)).map((note) => [note.field, note]);
  return { beside: Object.fromEntries(beside), above };
}

/** Format a cost with three digits, and a large or small one with an exponent. @param {number | null} value */
function threeDigits(value) {
  if (value === null) return "not finite";
  return value >= 0.01 && value < 1000 ? value.toPrecision(3) : cost(value);
}
