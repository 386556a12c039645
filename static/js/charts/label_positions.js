/** Positions of labels that must not overlap. */

/**
 * Move values up and down, as little as a single pass does, until neighbors are `gap` apart within `low`…`high`.
 * @param {readonly number[]} wanted
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order of `wanted`
 */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, place) => place).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  order.forEach((place, rank) => {
    const above = rank ? placed[order[rank - 1]] + gap : low;
    placed[place] = Math.max(placed[place], above);
  });
  [...order].reverse().forEach((place, rank, reversed) => {
    const below = rank ? placed[reversed[rank - 1]] - gap : high;
    placed[place] = Math.min(placed[place], below);
  });
  return placed;
}
