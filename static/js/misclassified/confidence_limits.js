/** Limits of the confidence filter, which the page shows as percentages. */

/** Format a fraction as the value of a percentage field. @param {number | null} fraction */
export function toPercentText(fraction) {
  return fraction === null ? "" : String(Math.round(1000 * fraction) / 10);
}

/**
 * Return the fraction for a percentage that a person entered, or null if it is not a number.
 * @param {number} percentage
 */
export function toFraction(percentage) {
  return Number.isNaN(percentage) ? null : Math.round(10 * Math.min(100, Math.max(0, percentage))) / 1000;
}

/**
 * Return the limits in ascending order.
 * @param {number | null} low
 * @param {number | null} high
 */
export function orderLimits(low, high) {
  const crossed = low !== null && high !== null && low > high;
  return { min_confidence: crossed ? high : low, max_confidence: crossed ? low : high };
}
