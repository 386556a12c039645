import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { changeInWords, digitsFor, errorSize, plain, signed } from "../../../static/js/core/signed_numbers.js";

const examples = JSON.parse(readFileSync(new URL("../../number_examples.json", import.meta.url), "utf-8"));

test("numbers are formatted as in the downloadable report", () => {
  for (const [value, digits] of examples.digits_for) assert.equal(digitsFor(value), digits);
  for (const [value, digits, text] of examples.signed) assert.equal(signed(value, digits), text);
  for (const [value, digits, text] of examples.plain) assert.equal(plain(value, digits), text);
  for (const [value, text] of examples.error_size) assert.equal(errorSize(value), text);
});

test("a description compares a small change with one pixel and a large change with several", () => {
  assert.equal(changeInWords(0.15), "0.15, as much as one pixel by 15% of the way from black to white");
  assert.equal(changeInWords(2), "2.00, as much as 4.0 pixels the whole way from black to white");
});
