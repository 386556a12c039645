import assert from "node:assert/strict";
import { test } from "node:test";
import { keptIndices, thinSeries } from "../../../static/js/charts/thinning.js";

const x = Array.from({ length: 1000 }, (_, index) => index + 1);
const wave = x.map((position) => Math.sin(position));

test("a short line keeps all points", () => {
  assert.equal(keptIndices([1, 2, 3], [[3, 2, 1]], 10), null);
});

test("a long line keeps its ends, its extremes and few points", () => {
  const spiky = wave.with(500, 99).with(700, -99);
  const kept = keptIndices(x, [spiky], 100) ?? [];
  assert.ok(kept.length <= 102);
  for (const index of [0, 500, 700, 999]) assert.ok(kept.includes(index));
  assert.deepEqual(
    kept,
    [...kept].sort((a, b) => a - b),
  );
});

test("each stretch keeps its lowest and its highest value", () => {
  const kept = new Set(keptIndices(x, [wave], 100));
  for (let start = 0; start < 1000; start += 20) {
    const stretch = wave.slice(start, start + 20);
    assert.ok(kept.has(start + stretch.indexOf(Math.max(...stretch))));
    assert.ok(kept.has(start + stretch.indexOf(Math.min(...stretch))));
  }
});

test("a gap remains a gap", () => {
  const gaps = wave.map((value, index) => (index === 333 ? null : value));
  assert.ok(keptIndices(x, [gaps], 100)?.includes(333));
});

test("a zoomed line keeps the visible points and their neighbors", () => {
  assert.deepEqual(keptIndices(x, [wave], 100, [10, 12]), [8, 9, 10, 11, 12]);
  assert.deepEqual(keptIndices(x, [wave], 100, [-5, 1]), [0, 1]);
});

test("lines with the same positions keep the same points", () => {
  const common = { name: "", color: "--train", number: 1 };
  const falling = x.map((position) => -position);
  const series = [
    { ...common, key: "a", x, y: wave },
    { ...common, key: "b", x, y: falling, unsmoothed: wave },
    { ...common, key: "c", x: [1, 2], y: [3, 4] },
  ];
  const [a, b, c] = thinSeries(series, 200, null);
  assert.deepEqual(a.x, b.x);
  assert.ok(a.x.length < 210);
  assert.deepEqual(
    b.y,
    b.x.map((position) => -position),
  );
  assert.deepEqual(b.unsmoothed, a.y);
  assert.equal(c, series[2]);
});
