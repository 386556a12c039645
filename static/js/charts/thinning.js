/**
 * Thinning of long lines before they are drawn. A chart has fewer pixels than a long run has epochs. From each short
 * stretch of epochs, the chart draws the lowest and the highest value of each line, so that it looks the same.
 *
 * @import {Series} from "./line_chart_layout.js"
 * @import {Range} from "./zoom.js"
 * @typedef {readonly (number | null)[]} Values
 */

/**
 * Return the series with at most about `limit` points each. Series that share their positions keep the same points, so
 * that the pointer finds a value of each.
 * @param {readonly Series[]} series
 * @param {number} limit
 * @param {Range | null} visible visible positions, or null for all
 * @returns {readonly Series[]}
 */
export function thinSeries(series, limit, visible) {
  const positions = new Set(series.map(({ x }) => x));
  const kept = new Map([...positions].map((x) => [x, keptIndices(x, linesAt(series, x), limit, visible)]));
  return series.map((line) => {
    const indices = kept.get(line.x);
    if (!indices) return line;
    const pick = (/** @type {Values} */ values) => indices.map((index) => values[index]);
    const x = indices.map((index) => line.x[index]);
    return { ...line, x, y: pick(line.y), ...(line.unsmoothed && { unsmoothed: pick(line.unsmoothed) }) };
  });
}

/** Return the values of all lines with these positions. @param {readonly Series[]} series @param {Series["x"]} x */
function linesAt(series, x) {
  return series.filter((line) => line.x === x).flatMap(({ y, unsmoothed }) => (unsmoothed ? [y, unsmoothed] : [y]));
}

/**
 * Return the indices of the points to draw in ascending order, or null for all.
 * @param {readonly number[]} x ascending positions
 * @param {readonly Values[]} lines values at these positions
 * @param {number} limit
 * @param {Range | null} visible
 * @returns {number[] | null}
 */
export function keptIndices(x, lines, limit, visible = null) {
  const [start, end] = visibleIndices(x, visible);
  if (x.length <= limit) return null;
  if (end - start <= limit) return Array.from({ length: end - start }, (_, offset) => start + offset);
  const stretches = Math.max(1, Math.floor(limit / (2 * lines.length)));
  const length = (end - start) / stretches;
  const kept = new Set([start, end - 1]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor(start + stretch * length);
    const to = Math.floor(start + (stretch + 1) * length);
    for (const values of lines) for (const index of extremes(values, from, to)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b);
}

/**
 * Return the half-open range of the indices of the visible points, and one more on each side, because a line leads to
 * it.
 * @param {readonly number[]} x
 * @param {Range | null} visible
 */
function visibleIndices(x, visible) {
  if (visible === null) return [0, x.length];
  const first = x.findIndex((position) => position >= visible[0]);
  const last = x.findLastIndex((position) => position <= visible[1]);
  return [Math.max(0, (first < 0 ? x.length : first) - 1), Math.min(x.length, last + 2)];
}

/**
 * Return the indices of the lowest value, of the highest value, and of a gap, as far as they exist.
 * @param {Values} values
 * @param {number} from
 * @param {number} to
 */
function extremes(values, from, to) {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let index = from; index < to; index += 1) {
    const value = values[index];
    if (value === null) gap = index;
    else {
      if (low < 0 || value < /** @type {number} */ (values[low])) low = index;
      if (high < 0 || value > /** @type {number} */ (values[high])) high = index;
    }
  }
  return [low, high, gap].filter((index) => index >= 0);
}
