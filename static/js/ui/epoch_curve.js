/** Curve of a metric over the epochs, in a box of 100 × 28. */

/** Return the horizontal position of an epoch. @param {number} epoch @param {number} count number of epochs */
export function xOfEpoch(epoch, count) {
  return count > 1 ? (100 * (epoch - 1)) / (count - 1) : 50;
}

/**
 * Return the points of the curve as an SVG attribute. The values fill the height of the box.
 * @param {readonly (number | null)[]} curve metric of each epoch
 */
export function curvePoints(curve) {
  const values = curve.map((value) => value ?? 0);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const span = values.reduce((most, value) => Math.max(most, value), -Infinity) - low || 1;
  return values
    .map((value, index) => {
      const y = 26 - (22 * (value - low)) / span;
      return `${xOfEpoch(index + 1, values.length).toFixed(2)},${y.toFixed(2)}`;
    })
    .join(" ");
}
