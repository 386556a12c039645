import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axisRanges,
  fitValues,
  NO_ZOOM,
  nonEmptyZoom,
  positionLimits,
  rangeForKey,
} from "../../../static/js/charts/zoom.js";

const falling = { x: [1, 2, 3, 4], y: [8, 4, 2, 1] };
const late = { x: [3, 4, 5], y: [null, 6, 5] };

test("the limits contain the positions of all lines", () => {
  assert.deepEqual(positionLimits([falling, late]), [1, 5]);
  assert.equal(positionLimits([{ x: [], y: [] }]), null);
});

test("a rectangle with a point stays as selected", () => {
  const selected = /** @type {const} */ ({ x: [1.5, 3.5], y: [3, 5] });
  assert.deepEqual(nonEmptyZoom([falling], selected, false), selected);
});

test("a rectangle without points or with hardly any height shows all values at its positions", () => {
  assert.deepEqual(nonEmptyZoom([falling], { x: [1.5, 3.5], y: [20, 30] }, false), { x: [1.5, 3.5], y: null });
  assert.deepEqual(nonEmptyZoom([falling], { x: [1.5, 3.5], y: [2, 2.00001] }, false), { x: [1.5, 3.5], y: null });
  assert.deepEqual(nonEmptyZoom([falling], { x: null, y: [20, 30] }, false), NO_ZOOM);
});

test("positions are extended until they contain two neighboring epochs of a line", () => {
  assert.deepEqual(nonEmptyZoom([falling], { x: [2.1, 2.4], y: null }, false), { x: [2, 3], y: null });
  assert.deepEqual(nonEmptyZoom([falling], { x: [1.9, 2.4], y: null }, false), { x: [1.9, 3], y: null });
  assert.deepEqual(nonEmptyZoom([falling], { x: [7, 9], y: null }, false), { x: [3, 9], y: null });
  const gap = { x: [1, 2, 3, 4], y: [8, null, null, 1] };
  assert.deepEqual(nonEmptyZoom([gap], { x: [2, 3], y: null }, false), { x: [1, 4], y: null });
  const sparse = { x: [0, 10], y: [1, 2] };
  assert.deepEqual(nonEmptyZoom([falling, sparse], { x: [2.1, 2.4], y: null }, false), { x: [2, 3], y: null });
});

test("a zoom of lines without two values is refused", () => {
  assert.equal(nonEmptyZoom([{ x: [1], y: [null] }], { x: [0, 2], y: null }, false), null);
  assert.equal(nonEmptyZoom([{ x: [1, 2], y: [1, 0] }], { x: [0, 2], y: null }, true), null);
  assert.equal(nonEmptyZoom([{ x: [1, 1], y: [1, 2] }], { x: [0, 2], y: null }, false), null);
});

test("the values at the visible positions fit with some space", () => {
  const [low, high] = fitValues([falling, late], [3, 4], false) ?? [NaN, NaN];
  assert.ok(low < 1 && low > 0 && high > 6 && high < 7);
  const [lowest, highest] = fitValues([{ x: [1, 2], y: [10, 1000] }], [1, 2], true) ?? [NaN, NaN];
  assert.ok(lowest > 5 && lowest < 10 && highest > 1000 && highest < 2000);
  assert.equal(fitValues([falling], [8, 9], false), null);
});

test("one value has space on both sides", () => {
  for (const value of [0, 0.5, -3]) {
    const [low, high] = fitValues([{ x: [1], y: [value] }], [0, 2], false) ?? [NaN, NaN];
    assert.ok(low < value && value < high);
  }
});

test("the keys + and − zoom around the center and stay within the limits", () => {
  assert.deepEqual(rangeForKey("+", null, [0, 8]), [2, 6]);
  assert.deepEqual(rangeForKey("-", [0, 2], [0, 8]), [0, 4]);
  assert.equal(rangeForKey("-", [2, 6], [0, 8]), null);
});

test("after any number of + keys, the range has a width and the key − widens it", () => {
  /** @type {readonly [number, number] | null | undefined} */
  let range = null;
  for (let key = 0; key < 100; key += 1) {
    const zoom = nonEmptyZoom([falling], { x: rangeForKey("+", range ?? null, [1, 4]) ?? null, y: null }, false);
    range = zoom?.x;
  }
  assert.ok(range && range[0] < range[1]);
  assert.deepEqual(range, [2, 3]);
  assert.deepEqual(rangeForKey("-", range, [1, 4]), [1.5, 3.5]);
});

test("the arrow keys move up to the limits", () => {
  assert.deepEqual(rangeForKey("ArrowRight", [2, 4], [0, 8]), [2.5, 4.5]);
  assert.deepEqual(rangeForKey("ArrowLeft", [0, 4], [0, 8]), [0, 4]);
  assert.deepEqual(rangeForKey("ArrowRight", [5, 8], [0, 8]), [5, 8]);
  assert.equal(rangeForKey("ArrowLeft", null, [0, 8]), null);
});

test("the key 0 shows all positions, and other keys do nothing", () => {
  assert.equal(rangeForKey("0", [2, 4], [0, 8]), null);
  assert.equal(rangeForKey("a", [2, 4], [0, 8]), undefined);
});

test("without visible lines, the axes stay those of all lines", () => {
  const scale = /** @type {const} */ ({ kind: "cost", log: false });
  const shown = axisRanges([falling, late], [falling, late], NO_ZOOM, scale);
  assert.equal(shown.x, null);
  assert.deepEqual(axisRanges([falling, late], [], NO_ZOOM, scale), { x: [1, 5], y: shown.y });
  assert.deepEqual(axisRanges([], [], NO_ZOOM, scale), { x: null, y: null });
});

test("the axis of accuracies ends just beyond 0% and 100%", () => {
  const right = { x: [1, 2], y: [1, 1] };
  const { y } = axisRanges([right], [right], NO_ZOOM, { kind: "accuracy", log: false });
  assert.deepEqual(y, [0.94, 1.05]);
});
