/**
 * Zoom of a line chart: which positions and values it shows. A zoomed chart always contains two neighboring points of a
 * line, and so a part of the line.
 *
 * @typedef {readonly [number, number]} Range lowest and highest value
 * @typedef {object} Line
 * @property {readonly number[]} x ascending positions
 * @property {readonly (number | null)[]} y
 *
 * @typedef {object} Zoom
 * @property {Range | null} x visible positions, or null for all
 * @property {Range | null} y visible values, or null to fit them to the visible points
 */

/** @type {Zoom} */
export const NO_ZOOM = { x: null, y: null };
const SMALLEST_HEIGHT = 1e-4; // of a range of values, as a fraction of the largest, so that its labels stay short
const ACCURACY_LIMITS = [-0.05, 1.05]; // with space around 0% and 100%
const PADDING = 0.06; // space above and below the lines, as a fraction of their height

/**
 * Return the lowest and the highest position of the lines, or null without points.
 * @param {readonly Line[]} lines
 * @returns {Range | null}
 */
export function positionLimits(lines) {
  const filled = lines.filter(({ x }) => x.length > 0);
  if (filled.length === 0) return null;
  return [Math.min(...filled.map(({ x }) => x[0])), Math.max(...filled.map(({ x }) => x[x.length - 1]))];
}

/**
 * Return the zoom for a rectangle that a person selected. If the selected positions do not contain two neighboring
 * points of a line, extend them to the nearest two. If no point is in the rectangle, or if the rectangle is too low for
 * distinct labels, show all values at the positions. Return null if no line has two points.
 * @param {readonly Line[]} lines
 * @param {Zoom} selected
 * @param {boolean} log true if only positive values have a place on the axis
 * @returns {Zoom | null}
 */
export function nonEmptyZoom(lines, { x, y }, log) {
  const drawn = lines.map((line) => drawnPoints(line, log));
  const range = x && extendToSegment(drawn, x);
  if (range === undefined) return null;
  const isFilled = drawn.flat().some((point) => isWithin(point.x, range) && isWithin(point.y, y));
  return { x: range, y: y && isFilled && isHighEnough(y) ? y : null };
}

/**
 * Extend a range of positions as little as possible, until it contains two neighboring points of a line.
 * @param {readonly {x: number}[][]} drawn points of each line
 * @param {Range} range
 * @returns {Range | undefined} undefined if no line has two points
 */
function extendToSegment(drawn, [low, high]) {
  /** @type {Range | undefined} */
  let shortest;
  for (const points of drawn) {
    for (let index = 1; index < points.length; index += 1) {
      const [start, end] = [points[index - 1].x, points[index].x];
      const extended = /** @type {const} */ ([Math.min(low, start), Math.max(high, end)]);
      const isShorter = !shortest || extended[1] - extended[0] < shortest[1] - shortest[0];
      if (start < end && isShorter) shortest = extended;
    }
  }
  return shortest;
}

/** @param {Range} range */
function isHighEnough([low, high]) {
  return high - low > SMALLEST_HEIGHT * Math.max(Math.abs(low), Math.abs(high));
}

/**
 * Return the range of values that shows all points at the visible positions, or null if there are none.
 * @param {readonly Line[]} lines
 * @param {Range} x visible positions
 * @param {boolean} log
 * @returns {Range | null}
 */
export function fitValues(lines, x, log) {
  const points = lines.flatMap((line) => drawnPoints(line, log)).filter((point) => isWithin(point.x, x));
  if (points.length === 0) return null;
  const scale = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const low = points.reduce((lowest, { y }) => Math.min(lowest, scale(y)), Infinity);
  const high = points.reduce((highest, { y }) => Math.max(highest, scale(y)), -Infinity);
  const space = PADDING * (high - low) || PADDING * Math.abs(high) || PADDING;
  const unscale = (/** @type {number} */ value) => (log ? 10 ** value : value);
  return [unscale(low - space), unscale(high + space)];
}

/**
 * Return the ranges of the axes. Without visible lines, the axes stay those of all lines.
 * @param {readonly Line[]} lines all lines
 * @param {readonly Line[]} visible
 * @param {Zoom} zoom as `nonEmptyZoom` returns it
 * @param {{kind: "cost" | "accuracy", log: boolean}} scale
 * @returns {Zoom} `x` is null for the positions of the visible lines, `y` if there are no values
 */
export function axisRanges(lines, visible, zoom, { kind, log }) {
  const measured = visible.length ? visible : lines;
  const limits = positionLimits(measured);
  const x = visible.length ? zoom.x : limits;
  const fitted = limits && fitValues(measured, x ?? limits, log);
  const [low, high] = kind === "accuracy" ? ACCURACY_LIMITS : [-Infinity, Infinity];
  return { x, y: zoom.y ?? (fitted && [Math.max(low, fitted[0]), Math.min(high, fitted[1])]) };
}

/** Keys of the zoom; "=" is the key of "+" on many keyboards. */
export const ZOOM_KEYS = ["+", "=", "-", "ArrowLeft", "ArrowRight", "0"];

/**
 * Return the positions after a key: + and − zoom around the center, the arrows move, 0 shows all positions.
 * @param {string} key
 * @param {Range | null} range visible positions, or null for all
 * @param {Range} limits positions of all points
 * @returns {Range | null | undefined} undefined if the key has no effect on charts
 */
export function rangeForKey(key, range, limits) {
  switch (key) {
    case "+":
    case "=":
      return scaleRange(range ?? limits, limits, 0.5);
    case "-":
      return scaleRange(range ?? limits, limits, 2);
    case "ArrowLeft":
      return range && shiftRange(range, limits, -0.25);
    case "ArrowRight":
      return range && shiftRange(range, limits, 0.25);
    case "0":
      return null;
    default:
      return undefined;
  }
}

/**
 * Return the positions after a zoom around their center, or null if all positions are visible then.
 * @param {Range} range
 * @param {Range} limits
 * @param {number} factor 0.5 shows half of the positions, 2 twice as many
 * @returns {Range | null}
 */
function scaleRange([low, high], limits, factor) {
  const width = (high - low) * factor;
  if (width >= limits[1] - limits[0]) return null;
  return clampRange([(low + high - width) / 2, (low + high + width) / 2], limits);
}

/** Shift a range by a fraction of its width. @param {Range} range @param {Range} limits @param {number} fraction */
function shiftRange([low, high], limits, fraction) {
  const step = (high - low) * fraction;
  return clampRange([low + step, high + step], limits);
}

/** Shift a range into the limits. @param {Range} range @param {Range} limits @returns {Range} */
function clampRange([low, high], limits) {
  const shift = Math.max(0, limits[0] - low) - Math.max(0, high - limits[1]);
  return [low + shift, high + shift];
}

/** @param {number} value @param {Range | null} range null for all values */
function isWithin(value, range) {
  return range === null || (value >= range[0] && value <= range[1]);
}

/** Return the points that have a place on the axes. @param {Line} line @param {boolean} log */
function drawnPoints({ x, y }, log) {
  return y.flatMap((value, index) => (value === null || (log && value <= 0) ? [] : [{ x: x[index], y: value }]));
}
