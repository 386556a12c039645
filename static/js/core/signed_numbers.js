/** Formatting of signed numbers and of numerical errors. */
import { clamp } from "./numbers.js";

const MINUS = "−";
const ROUNDING = 1e-6; // so that 0.15 × 100 does not become 16
const SUPERSCRIPTS = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/**
 * Return how many digits after the decimal point to show: 2 if the largest number is 2.31, 4 if it is 0.0231.
 * @param {number} largest number with the largest absolute value
 */
export function digitsFor(largest) {
  const size = Math.abs(largest);
  if (!(size > 0)) return 2;
  return clamp(1 - Math.floor(Math.log10(size)), 2, 6);
}

/**
 * Format a number with a plus or minus sign: −0.50, +1.20.
 * @param {number} value
 * @param {number} [digits] digits after the decimal point
 */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? MINUS : "+"}${text}`;
}

/**
 * Format a number with a sign only if it is negative: −0.50, 1.20.
 * @param {number} value
 * @param {number} [digits] digits after the decimal point
 */
export function plain(value, digits = 2) {
  return signed(value, digits).replace("+", "");
}

/**
 * Format a positive upper bound, rounded up so that it remains an upper bound: 0.024 for 0.02341.
 * @param {number} value
 */
export function upperBound(value) {
  const digits = digitsFor(value);
  const unit = 10 ** digits;
  return plain(Math.ceil(value * unit - ROUNDING) / unit, digits);
}

/** Format the absolute value of a numerical error: 0, 4 × 10⁻¹⁶, 0.002. @param {number} error */
export function errorSize(error) {
  const size = Math.abs(error);
  if (size === 0) return "0";
  if (size >= 0.001) return size.toPrecision(2);
  const [mantissa, exponent] = size.toExponential(0).split("e-");
  return `${mantissa}\u00a0×\u00a010⁻${[...exponent].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;
}

/**
 * Describe how much an image was changed.
 * @param {number} size Euclidean distance between the images; 1 if one pixel changes from black to white
 */
export function describeChangeSize(size) {
  return `${plain(size, digitsFor(size))}, ${inPixels(size)}`;
}

/**
 * Describe the size of a change in pixels.
 * @param {number} size Euclidean distance between the images; 1 if one pixel changes from black to white
 */
export function inPixels(size) {
  const percent = Number((100 * size).toPrecision(2));
  const pixels = size <= 1 ? `one pixel by ${percent}% of the range` : `${(size ** 2).toFixed(1)} pixels`;
  return `equivalent to changing ${pixels} from black to white`;
}
