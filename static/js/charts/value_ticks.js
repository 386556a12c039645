/**
 * Labels of the axis of values. Each label is a whole number such as 2e−7, and no two labels of an axis are equal, also
 * after a deep zoom, where the labels of plotly.js are not distinct or only digits.
 *
 * @import {Range} from "./zoom.js"
 * @typedef {{value: number, text: string}} Tick
 */

const MAX_TICKS = 7;
const MIN_LOG_TICKS = 3; // with fewer powers and digits, a logarithmic axis has the labels of a linear one
const ROUNDING = 1e-9; // of the step; a sum of steps may miss the end of the range by this

/** First digits of the labels between two powers of ten, the densest first. */
const DIGITS = [[1, 2, 5], [1]];

/**
 * Return the labels of an axis in ascending order.
 * @param {Range} range lowest and highest visible value
 * @param {{log: boolean, percent: boolean}} scale `percent`: true for values from 0 to 1 that are shown as percentages
 * @returns {Tick[]}
 */
export function valueTicks(range, { log, percent }) {
  const [low, high] = range;
  if (!(low < high && high - low < Infinity)) return [];
  if (!log && percent) return linearTicks([Math.max(low, 0), Math.min(high, 1)], 100, "%");
  if (!log) return linearTicks(range);
  const ticks = logarithmicTicks([Math.max(low, Number.MIN_VALUE), high]);
  return ticks.length < MIN_LOG_TICKS ? linearTicks(range) : ticks;
}

/**
 * Return labels at multiples of 1, 2 or 5 times a power of ten.
 * @param {Range} range
 * @param {number} [factor] factor of the shown numbers
 * @param {string} [unit]
 * @returns {Tick[]}
 */
function linearTicks([lowest, highest], factor = 1, unit = "") {
  const [low, high] = [lowest * factor, highest * factor];
  const step = stepOf(high - low);
  const first = Math.ceil(low / step - ROUNDING);
  const count = Math.floor(high / step + ROUNDING) - first + 1;
  const size = Math.max(Math.abs(low), Math.abs(high));
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const shown = (first + index) * step;
    return { value: shown / factor, text: `${formatTick(shown, step, size)}${unit}` };
  });
}

/** Return the smallest step with at most MAX_TICKS labels. @param {number} span */
function stepOf(span) {
  const least = span / MAX_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}

/** Return labels at powers of ten, and at digits between them if they fit. @param {Range} range @returns {Tick[]} */
function logarithmicTicks([low, high]) {
  const [start, end] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const exponents = Array.from({ length: end - start + 1 }, (_, index) => start + index);
  for (const digits of DIGITS) {
    const ticks = exponents
      .flatMap((exponent) => digits.map((digit) => ({ digit, exponent })))
      .map(({ digit, exponent }) => Number(`${digit}e${exponent}`))
      .filter((value) => value >= low && value <= high);
    if (ticks.length <= MAX_TICKS) return ticks.map((value) => ({ value, text: formatTick(value, value, value) }));
  }
  const stride = Math.ceil((end - start) / MAX_TICKS);
  return exponents
    .filter((exponent) => exponent % stride === 0)
    .map((exponent) => Number(`1e${exponent}`))
    .filter((value) => value >= low && value <= high)
    .map((value) => ({ value, text: formatTick(value, value, value) }));
}

/**
 * Format a label with as many digits as its step needs: 0.25, 12,500, 1.02e−7.
 * @param {number} value
 * @param {number} step distance to the next label, or the value itself
 * @param {number} size largest value of the axis
 */
function formatTick(value, step, size) {
  const last = Math.floor(Math.log10(step) + ROUNDING); // position of the last digit
  const exponent = Math.floor(Math.log10(size) + ROUNDING);
  const isPlain = exponent >= -3 && exponent < 5;
  if (isPlain) return withMinus(value.toLocaleString("en-US", { maximumFractionDigits: Math.max(0, -last) }));
  const mantissa = value / 10 ** exponent;
  const digits = mantissa.toLocaleString("en-US", { maximumFractionDigits: Math.max(0, exponent - last) });
  return digits === "0" || digits === "-0" ? "0" : withMinus(`${digits}e${exponent}`);
}

/** @param {string} text */
const withMinus = (text) => (text === "-0" ? "0" : text.replaceAll("-", "−"));
