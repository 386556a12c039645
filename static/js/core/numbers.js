/** Functions of numbers. */

/**
 * Return the number from `low` to `high` that is nearest to a value.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** @param {readonly number[]} terms */
export function sum(terms) {
  return terms.reduce((total, term) => total + term, 0);
}
