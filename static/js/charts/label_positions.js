/** Positions of labels that must not overlap. */

/**
 * Move label positions until neighbors are at least `gap` apart, and keep them between `low` and `high`.
 * @param {readonly number[]} wanted positions that may overlap
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} positions in the order of `wanted`
 */
export function separateLabels(wanted, gap, low, high) {
  const ascending = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]);
  const positions = [...wanted];
  ascending.forEach((index, rank) => {
    const minimum = rank ? positions[ascending[rank - 1]] + gap : low;
    positions[index] = Math.max(positions[index], minimum);
  });
  [...ascending].reverse().forEach((index, rank, descending) => {
    const maximum = rank ? positions[descending[rank - 1]] - gap : high;
    positions[index] = Math.min(positions[index], maximum);
  });
  return positions;
}
