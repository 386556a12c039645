import assert from "node:assert/strict";
import { test } from "node:test";
import { formatShift, shiftImage, shortNames } from "../../../static/js/explanations/shift_map.js";

test("short names are the shortest unique prefixes", () => {
  assert.deepEqual(shortNames(["sandal", "sneaker", "shirt", "T-shirt", "7"]), ["sa", "sn", "sh", "T-", "7"]);
  assert.deepEqual(shortNames(["car", "cart"]), ["car", "cart"]);
});

test("the description of a shift names its directions", () => {
  assert.equal(formatShift(-1, 2), "1 up, 2 right");
  assert.equal(formatShift(3, -1), "3 down, 1 left");
  assert.equal(formatShift(0, 0), "No shift");
});

test("a shifted image has a black margin and loses the pixels outside the frame", () => {
  const image = Uint8Array.of(1, 2, 3, 4);
  assert.deepEqual([...shiftImage(image, [2, 2], 0, 1)], [0, 1, 0, 3]);
  assert.deepEqual([...shiftImage(image, [2, 2], -1, 0)], [3, 4, 0, 0]);
  assert.deepEqual([...shiftImage(image, [2, 2], 0, 0)], [1, 2, 3, 4]);
});
