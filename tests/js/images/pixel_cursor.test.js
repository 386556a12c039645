import assert from "node:assert/strict";
import { test } from "node:test";
import { describePixel, frameStyle } from "../../../static/js/images/pixel_cursor.js";

test("the frame covers one pixel", () => {
  const style = frameStyle({ shape: [4, 8], row: 1, column: 2, size: 1 });
  assert.equal(style, "left: 25%; top: 25%; width: 12.5%; height: 25%");
});

test("a larger frame is centered on its pixel", () => {
  const style = frameStyle({ shape: [10, 10], row: 5, column: 0, size: 3 });
  assert.equal(style, "left: -10%; top: 40%; width: 30%; height: 30%");
});

test("the brightness of a pixel is a percentage of white", () => {
  assert.equal(describePixel(4, 3, 255), "Row 4, column 3: 100% white");
  assert.equal(describePixel(0, 0, 64), "Row 0, column 0: 25% white");
});
