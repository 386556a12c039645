import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  describeChangeSize,
  digitsFor,
  errorSize,
  inPixels,
  plain,
  signed,
  upperBound,
} from "../../../static/js/core/signed_numbers.js";

const examples = JSON.parse(readFileSync(new URL("../../number_examples.json", import.meta.url), "utf-8"));

test("numbers are formatted as in the downloadable report", () => {
  for (const [value, digits] of examples.digits_for) assert.equal(digitsFor(value), digits);
  for (const [value, digits, text] of examples.signed) assert.equal(signed(value, digits), text);
  for (const [value, digits, text] of examples.plain) assert.equal(plain(value, digits), text);
  for (const [value, text] of examples.upper_bound) assert.equal(upperBound(value), text);
  for (const [value, text] of examples.error_size) assert.equal(errorSize(value), text);
});

test("a description compares a small change with one pixel and a large change with several", () => {
  assert.equal(
    describeChangeSize(0.15),
    "0.15, equivalent to changing one pixel by 15% of the range from black to white",
  );
  assert.equal(inPixels(0.00082), "equivalent to changing one pixel by 0.082% of the range from black to white");
  assert.equal(describeChangeSize(2), "2.00, equivalent to changing 4.0 pixels from black to white");
});
