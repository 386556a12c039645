import assert from "node:assert/strict";
import { test } from "node:test";
import { blend, decodeBytes, decodeLevels, encodeBase64 } from "../../../static/js/images/pixels.js";

test("decoding restores the encoded bytes", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(decodeBytes(encodeBase64(bytes)), bytes);
  assert.equal(encodeBase64(Uint8Array.of(0, 127, 255)), "AH//");
});

test("levels are signed bytes", () => {
  assert.deepEqual([...decodeLevels(encodeBase64(Uint8Array.of(0, 127, 129, 255)))], [0, 127, -127, -1]);
});

test("a pixel without a signed value is dark gray, and the largest value hides the image", () => {
  assert.deepEqual(blend(200, 0), [150, 150, 150]);
  assert.deepEqual(blend(200, -127), [245, 147, 34]);
  assert.deepEqual(blend(0, 127), [8, 119, 189]);
});
