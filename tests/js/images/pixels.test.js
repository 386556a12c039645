import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBytes, decodeLevels, encodeBase64 } from "../../../static/js/images/pixels.js";

test("decoding restores the encoded bytes", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(decodeBytes(encodeBase64(bytes)), bytes);
  assert.equal(encodeBase64(Uint8Array.of(0, 127, 255)), "AH//");
});

test("levels are signed bytes", () => {
  assert.deepEqual([...decodeLevels(encodeBase64(Uint8Array.of(0, 127, 129, 255)))], [0, 127, -127, -1]);
});
