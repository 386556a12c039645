/**
 * Smooth a series with an exponential moving average whose start is corrected, as Adam corrects its moments (Kingma and
 * Ba, 2015): the first value stays what it is instead of being pulled toward zero.
 *
 * @param {readonly (number | null)[]} values gaps (`null`) stay gaps
 * @param {number} weight share of the past in each value, 0 ≤ weight < 1; 0 changes nothing
 * @returns {(number | null)[]}
 */
export function smooth(values, weight) {
  if (weight <= 0) return [...values];
  let mean = 0;
  let known = 0; // weight of all that is in `mean`: 1 − weight^n
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    known = weight * known + (1 - weight);
    return mean / known;
  });
}
