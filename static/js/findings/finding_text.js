/**
 * Texts about a finding: how severe and how certain it is, its numbers, and the values that its remedies change.
 *
 * @import {Diagnosis, FieldInfo, Finding, FindingEvidence, Hyperparameters, Value} from "../../../types/api.js"
 *
 * @typedef {object} Severity
 * @property {"✗" | "⚠" | "i"} icon
 * @property {string} word
 * @property {"danger" | "warning" | "secondary"} tone
 *
 * @typedef {Pick<FieldInfo, "name" | "label" | "choice_names">} Field
 * @typedef {{label: string, from: string, to: string}} Change
 */

import { percent, plainNumber } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { sameValue } from "../hyperparameters/field_value.js";

/** @type {Record<Finding["severity"], Severity>} */
const SEVERITIES = {
  critical: { icon: "✗", word: "Critical", tone: "danger" },
  warning: { icon: "⚠", word: "Warning", tone: "warning" },
  info: { icon: "i", word: "Note", tone: "secondary" },
};

/** Return the icon, the word and the color of a severity. @param {Finding["severity"]} severity */
export function severityOf(severity) {
  return SEVERITIES[severity];
}

/**
 * Return how certain a finding is and how it is known: "Exact", or "Observed, 80% sure".
 * @param {Pick<Finding, "known_by" | "confidence">} finding
 */
export function certaintyText({ known_by: source, confidence }) {
  if (source === "trial") return "Shown by trial";
  return source === "exact" ? "Exact" : `Observed, ${Math.round(100 * confidence)}% sure`;
}

/** Explain the source of a finding in one sentence. @param {Pick<Finding, "known_by">} finding */
export function certaintyMeaning({ known_by: source }) {
  if (source === "trial") return "A short training run without this cause learned better than the unchanged run.";
  return source === "exact"
    ? "The number is a count, or it equals a level that follows from a formula."
    : "A measured number is outside the range of runs that learn well.";
}

/**
 * Format the number of an evidence, with its threshold if it has one. Accuracies and fractions become percentages.
 * @param {FindingEvidence} evidence
 */
export function evidenceNumber({ name, value, threshold }) {
  const isFraction = /accuracy|^fraction of/i.test(name);
  const format = (/** @type {number} */ number) => (isFraction ? percent(number) : plainNumber(number));
  const number = value === null ? "not finite" : format(value);
  return typeof threshold === "number" ? `${number} (threshold ${format(threshold)})` : number;
}

/** Return a text that begins with a capital letter. @param {string} text */
export function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Return the values that a remedy changes: "Activation", "Sigmoid" and "ReLU".
 * @param {Record<string, unknown>} changes
 * @param {Hyperparameters} current hyperparameters of the run
 * @param {readonly Field[]} fields
 * @returns {Change[]}
 */
export function changesOf(changes, current, fields) {
  return fields.flatMap(({ name, label, choice_names }) => {
    if (!(name in changes)) return [];
    const [from, to] = [current[name], /** @type {Value} */ (changes[name])];
    if (from !== undefined && sameValue(from, to)) return [];
    return [{ label, from: from === undefined ? "–" : valueName(from, choice_names), to: valueName(to, choice_names) }];
  });
}

/** Return changes as text: "Activation: Sigmoid → ReLU; Epochs: 10 → 20". @param {readonly Change[]} changes */
export function changesText(changes) {
  return changes.map(({ label, from, to }) => `${label}: ${from} → ${to}`).join("; ");
}

/**
 * Return the sentence that announces a diagnosis, or an empty text if nothing is known. It has no numbers, because they
 * change with each epoch.
 * @param {Diagnosis | null} found
 */
export function announcementOf(found) {
  if (!found || found.status === "unknown") return "";
  const [first] = found.findings;
  return `Diagnosis: ${first ? first.name : "learns well"}.`;
}
