import assert from "node:assert/strict";
import { test } from "node:test";
import { paintDot, pixelsBetween } from "../../../static/js/images/paint_canvas.js";

test("a stroke leaves no gaps", () => {
  assert.deepEqual(pixelsBetween([0, 0], [3, 1]), [
    [1, 0],
    [2, 1],
    [3, 1],
  ]);
  assert.deepEqual(pixelsBetween([2, 2], [2, 2]), []);
});

test("a dot of one pixel fills that pixel", () => {
  const pixels = new Uint8Array(9);
  paintDot(pixels, [3, 3], [1, 1], { size: 1, brightness: 255 });
  assert.deepEqual([...pixels], [0, 0, 0, 0, 255, 0, 0, 0, 0]);
  paintDot(pixels, [3, 3], [1, 1], { size: 1, brightness: 0 });
  assert.deepEqual([...pixels], new Array(9).fill(0));
});

test("a larger dot has a soft edge and stops at the border", () => {
  const pixels = new Uint8Array(4);
  paintDot(pixels, [2, 2], [0, 0], { size: 2, brightness: 200 });
  assert.deepEqual([...pixels], [200, 100, 100, Math.round((1.5 - Math.SQRT2) * 200)]);
});
