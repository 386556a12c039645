/**
 * Conversions of a hyperparameter between the form field, the URL and JSON, and its validation.
 *
 * Invalid text stays unchanged, so that a person can correct it and the server can report the error.
 */

/** @import {FieldInfo, Hyperparameters, Value} from "../../../types/api.js" */

import { readNumber, splitSizes, writeLimit, writeNumber } from "../core/number_text.js";

/**
 * Parse the text of a field; text that cannot be parsed is returned as it is.
 * @param {FieldInfo} info
 * @param {string} text text of the input or the URL
 * @returns {Value}
 */
export function readValue(info, text) {
  const trimmed = text.trim();
  if (info.type === "boolean") return trimmed === "true";
  if (info.type === "choice") return trimmed;
  if (info.type === "sizes") return readSizes(trimmed).value ?? trimmed;
  return readNumber(trimmed, { whole: info.type === "integer" }).number ?? trimmed;
}

/**
 * Parse a list of layer sizes, or return the error.
 * @param {string} text
 * @returns {{value: number[], error: ""} | {value: null, error: string}}
 */
function readSizes(text) {
  const { sizes, error } = splitSizes(text);
  if (sizes === null) return { value: null, error };
  const read = sizes.map((size) => readNumber(size, { whole: true }));
  const wrong = read.findIndex(({ number }) => number === null);
  if (wrong >= 0) return { value: null, error: `layer ${wrong + 1} ${read[wrong].error}` };
  return { value: read.map(({ number }) => Number(number)), error: "" };
}

/** Format a value as text that `readValue` parses to the same value. @param {Value} value */
export function writeValue(value) {
  if (typeof value === "number") return writeNumber(value);
  return Array.isArray(value) ? value.map(writeNumber).join(", ") : String(value);
}

/** Return true if two values are equal. @param {Value} a @param {Value} b */
export function sameValue(a, b) {
  return writeValue(a) === writeValue(b);
}

/**
 * Return true if a field applies, which may depend on the values of other fields.
 * @param {Pick<FieldInfo, "applies_when">} info
 * @param {Hyperparameters} values
 */
export function fieldApplies(info, values) {
  return Object.entries(info.applies_when).every(([name, allowed]) => allowed.includes(values[name]));
}

/**
 * Return the error of a value in the wording of the server, or "" if it is valid. The server validates the value again.
 * @param {FieldInfo} info
 * @param {Value} value
 * @returns {string}
 */
export function findError(info, value) {
  if (info.type === "boolean") return "";
  if (info.type === "choice") return info.choices?.includes(String(value)) ? "" : "must be one of the choices";
  if (info.type === "sizes") {
    if (!Array.isArray(value)) return readSizes(String(value)).error;
    const errors = value.map((size) => boundError(info, size));
    const wrong = errors.findIndex(Boolean);
    return wrong < 0 ? "" : `layer ${wrong + 1} ${errors[wrong]}`;
  }
  if (typeof value !== "number") return readNumber(String(value), { whole: info.type === "integer" }).error;
  if (info.type === "integer" && !Number.isInteger(value)) return "must be a whole number";
  return boundError(info, value);
}

/** @param {FieldInfo} info @param {number} value */
function boundError({ minimum, exclusive_minimum: above, maximum, exclusive_maximum: below }, value) {
  if (minimum !== null && value < minimum) return `must be at least ${writeLimit(minimum)}`;
  if (above !== null && value <= above) return `must be greater than ${writeLimit(above)}`;
  const tooLarge = "is too large: it must be";
  if (maximum !== null && value > maximum) return `${tooLarge} at most ${writeLimit(maximum)}`;
  if (below !== null && value >= below) return `${tooLarge} less than ${writeLimit(below)}`;
  return "";
}
