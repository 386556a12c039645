import assert from "node:assert/strict";
import { test } from "node:test";
import { fixHeight } from "../../../static/js/charts/paper.js";

test("a frame has a fixed height only while it is printed", () => {
  const style = /** @type {Record<string, string>} */ ({});
  const frame = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ clientHeight: 216, style }));
  fixHeight(frame, true);
  assert.deepEqual(style, { height: "216px", maxHeight: "none", aspectRatio: "auto" });
  fixHeight(frame, false);
  assert.deepEqual(style, { height: "", maxHeight: "", aspectRatio: "" });
});
