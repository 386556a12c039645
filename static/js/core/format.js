/** Formatting of numbers as text. A value that is missing or not finite becomes a dash. */

const MISSING = "–";
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const moments = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });

/** @param {number | null | undefined} value @returns {value is number} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** Format a number with an exponent and three digits: 1.20e6, 4.50e-8. @param {number} value */
const exponential = (value) => value.toExponential(2).replace("e+", "e");

/**
 * Format a fraction as a percentage that is never rounded up to 100%: 0.9753 → "97.5%", 0.9999 → ">99.9%".
 * @param {number | null | undefined} fraction
 * @param {number} [digits] digits after the decimal point
 */
export function percent(fraction, digits = 1) {
  if (!isNumber(fraction)) return MISSING;
  const text = (100 * fraction).toFixed(digits);
  return fraction < 1 && Number(text) === 100 ? `>${(100 - 10 ** -digits).toFixed(digits)}%` : `${text}%`;
}

/**
 * Format a probability as a percentage that is never rounded to 0% or 100%: 0.0001 → "<0.1%", 0.9999 → ">99.9%".
 * @param {number | null | undefined} value
 * @param {number} [digits] digits after the decimal point
 */
export function probability(value, digits = 1) {
  const text = percent(value, digits);
  return isNumber(value) && value > 0 && Number.parseFloat(text) === 0 ? `<${(10 ** -digits).toFixed(digits)}%` : text;
}

/**
 * Format a margin. It is rounded, but never up to 1: 0.256 → "0.26", 0.999 → "0.99".
 * @param {number | null | undefined} value
 * @param {number} digits digits after the decimal point
 */
export function marginText(value, digits) {
  if (!isNumber(value)) return MISSING;
  return (value < 1 ? Math.min(value, 1 - 10 ** -digits) : value).toFixed(digits);
}

/**
 * Format a cost or another number of unknown magnitude with about four digits: 0.04213, 2.303, 1.20e6.
 * @param {number | null | undefined} value
 */
export function cost(value) {
  if (!isNumber(value)) return MISSING;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e5) return exponential(value);
  return size >= 1000 ? counts.format(value) : value.toPrecision(4);
}

/**
 * Format an input, a target or an output with at most four significant digits: 0.5, 12, −1.234, 27,290, 5.55e5.
 * @param {number} value
 */
export function plainNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return exponential(value).replace(/^-/, "−");
  return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");
}

/** Format a whole number: 60000 → "60,000". @param {number | null | undefined} value */
export function count(value) {
  return isNumber(value) ? counts.format(value) : MISSING;
}

/**
 * Format a count with its noun: (1, "image") → "1 image", (359, "image") → "359 images".
 * @param {number | null | undefined} value
 * @param {string} noun
 * @param {string} [plural]
 */
export function counted(value, noun, plural = `${noun}s`) {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/**
 * Format a duration in seconds: 0.04 → "40 ms", 0.4 → "0.4 s", 80 → "1 min 20 s", 7500 → "2 h 5 min".
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (!isNumber(seconds)) return MISSING;
  if (seconds < 0.1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/**
 * Format an estimated duration with one or two digits: "under 1 s", "2 s", "40 s", "5 min", "3 h", "2 days".
 * @param {number} seconds
 */
export function roughDuration(seconds) {
  if (seconds < 0.5) return "under 1 s";
  const units = /** @type {const} */ ([
    ["s", 1, 100],
    ["min", 60, 100],
    ["h", 3600, 48],
    ["days", 86400, Infinity],
  ]);
  const [unit, size] = units.find(([, size, limit]) => seconds / size < limit) ?? units[3];
  const amount = Number((seconds / size).toPrecision(seconds / size < 10 ? 1 : 2));
  return `${count(amount)} ${unit}`;
}

/** Format a number of bytes: 11594722 → "11.6 MB". @param {number | null | undefined} value */
export function bytes(value) {
  if (!isNumber(value)) return MISSING;
  if (value < 1e3) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

/** Format an estimated number of bytes: 219 MB, 5.9 GB. @param {number} value */
export function roughBytes(value) {
  return value < 1e9 ? `${count(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

/**
 * Format a date and time in the user's time zone: "Nov 23, 2026, 12:09 AM".
 * @param {string | null | undefined} iso date and time in ISO 8601
 */
export function moment(iso) {
  return iso ? moments.format(new Date(iso)) : MISSING;
}
