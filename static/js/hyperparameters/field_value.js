/**
 * Conversions of a hyperparameter between the form field, the URL and JSON, and its validation.
 *
 * Invalid text stays unchanged, so that a person can correct it and the server can report the error.
 */

/** @import {FieldInfo, Hyperparameters, Value} from "../../../types/api.js" */

/**
 * Parse the text of a field; text that cannot be parsed is returned as it is.
 * @param {FieldInfo} info
 * @param {string} text text of the input or the URL
 * @returns {Value}
 */
export function readValue(info, text) {
  const trimmed = text.trim();
  if (info.type === "boolean") return trimmed === "true";
  if (info.type === "sizes") {
    const parts = trimmed.split(/[\s,]+/).filter(Boolean);
    return parts.every(isNumber) ? parts.map(Number) : trimmed;
  }
  if (info.type === "choice") return trimmed;
  return isNumber(trimmed) ? Number(trimmed) : trimmed;
}

const MIN_EXPONENTIAL = 1e12; // larger numbers are written with an exponent

/** Format a value as text that `readValue` parses to the same value. @param {Value} value */
export function writeValue(value) {
  if (typeof value === "number" && Math.abs(value) >= MIN_EXPONENTIAL) return value.toExponential();
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** Return true if two values are equal. @param {Value} a @param {Value} b */
export function sameValue(a, b) {
  return writeValue(a) === writeValue(b);
}

/**
 * Return true if a field applies, which may depend on the values of other fields.
 * @param {FieldInfo} info
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
  if (info.type === "choice") return info.choices?.includes(String(value)) ? "" : "must be one of the choices";
  if (info.type === "sizes") {
    const valid = Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 1);
    return valid ? "" : "must be whole numbers of at least 1, such as 128, 64";
  }
  if (info.type === "boolean") return "";
  if (typeof value !== "number") return "must be a number";
  if (info.type === "integer" && !Number.isSafeInteger(value)) return "must be a whole number";
  const formatLimit = (/** @type {number} */ limit) =>
    limit >= 1e4 && Number.isSafeInteger(limit) ? limit.toLocaleString("en-US") : String(limit);
  const { minimum, exclusive_minimum: above, maximum, exclusive_maximum: below } = info;
  if (minimum !== null && value < minimum) return `must be greater than or equal to ${formatLimit(minimum)}`;
  if (above !== null && value <= above) return `must be greater than ${formatLimit(above)}`;
  if (maximum !== null && value > maximum) return `must be less than or equal to ${formatLimit(maximum)}`;
  if (below !== null && value >= below) return `must be less than ${formatLimit(below)}`;
  return "";
}

/** Return true for the text of a finite number. @param {string} text */
function isNumber(text) {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}
