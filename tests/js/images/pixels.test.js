import assert from "node:assert/strict";
import { test } from "node:test";
import { base64Of, bytesOf, levelsOf } from "../../../static/js/images/pixels.js";

test("bytes survive base64", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(bytesOf(base64Of(bytes)), bytes);
  assert.equal(base64Of(Uint8Array.of(0, 127, 255)), "AH//");
});

test("levels are signed bytes", () => {
  assert.deepEqual([...levelsOf(base64Of(Uint8Array.of(0, 127, 129, 255)))], [0, 127, -127, -1]);
});
