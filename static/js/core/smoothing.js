/**
 * Return the exponential moving average of a series, with the bias correction of Adam (Kingma and Ba, 2015): the first
 * value does not change.
 *
 * @param {readonly (number | null)[]} values null for a missing value, which stays null
 * @param {number} weight weight of the previous average, 0 ≤ weight < 1; 0 returns the values unchanged
 * @returns {(number | null)[]}
 */
export function smooth(values, weight) {
  if (weight <= 0) return [...values];
  let mean = 0;
  let totalWeight = 0; // sum of the weights of the n values in `mean`: 1 − weight^n
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    totalWeight = weight * totalWeight + (1 - weight);
    return mean / totalWeight;
  });
}
