/**
 * The value of one hyperparameter in the form, the URL and JSON, and its validation.
 *
 * What cannot be read stays the text that was typed, so that nobody's typing is lost and the server can say what is
 * wrong with it.
 *
 * @typedef {import("../../../types/api.js").FieldInfo} FieldInfo
 * @typedef {import("../../../types/api.js").Value} Value
 */

/**
 * @param {FieldInfo} info
 * @param {string} text as typed, or as in the address
 * @returns {Value}
 */
export function readValue(info, text) {
  const trimmed = text.trim();
  if (info.type === "boolean") return trimmed === "true";
  if (info.type === "sizes") {
    const parts = trimmed.split(/[\s,]+/).filter(Boolean);
    return parts.every(isNumeral) ? parts.map(Number) : trimmed;
  }
  if (info.type === "choice") return trimmed;
  return isNumeral(trimmed) ? Number(trimmed) : trimmed;
}

const UNREADABLE = 1e12; // from here on nobody counts the zeros

/**
 * @param {Value} value
 * @returns {string} which `readValue` reads back
 */
export function writeValue(value) {
  if (typeof value === "number" && Math.abs(value) >= UNREADABLE) return value.toExponential();
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @param {Value} a @param {Value} b */
export function sameValue(a, b) {
  return writeValue(a) === writeValue(b);
}

/**
 * What is wrong with a value, in the words of the server; "" where nothing is. The server has the last word.
 * @param {FieldInfo} info
 * @param {Value} value
 * @returns {string}
 */
export function problemWith(info, value) {
  if (info.type === "choice") return info.choices?.includes(String(value)) ? "" : "must be one of the choices";
  if (info.type === "sizes") {
    const good = Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 1);
    return good ? "" : "must be whole numbers of at least 1, such as 128, 64";
  }
  if (info.type === "boolean") return "";
  if (typeof value !== "number") return "must be a number";
  if (info.type === "integer" && !Number.isSafeInteger(value)) return "must be a whole number";
  const bound = (/** @type {number} */ limit) =>
    limit >= 1e4 && Number.isSafeInteger(limit) ? limit.toLocaleString("en-US") : String(limit);
  const { minimum, exclusive_minimum: above, maximum, exclusive_maximum: below } = info;
  if (minimum !== null && value < minimum) return `must be greater than or equal to ${bound(minimum)}`;
  if (above !== null && value <= above) return `must be greater than ${bound(above)}`;
  if (maximum !== null && value > maximum) return `must be less than or equal to ${bound(maximum)}`;
  if (below !== null && value >= below) return `must be less than ${bound(below)}`;
  return "";
}

/** @param {string} text */
function isNumeral(text) {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}
