import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readNumber, splitSizes, writeLimit, writeNumber } from "../../../static/js/core/number_text.js";

/** The server reads and writes the same examples. @type {Record<string, [any, any][]>} */
const EXAMPLES = JSON.parse(readFileSync(new URL("../../number_text_examples.json", import.meta.url), "utf-8"));

for (const [name, whole] of /** @type {const} */ ([
  ["any_number", false],
  ["whole_number", true],
])) {
  test(`typed text is a number or an error that names the point: ${name}`, () => {
    for (const [text, expected] of EXAMPLES[name]) {
      const { number, error } = readNumber(text, { whole });
      assert.equal(number ?? error, expected, text);
    }
  });
}

test("a list of sizes is split where that is unambiguous", () => {
  for (const [text, expected] of EXAMPLES.sizes) {
    const { sizes, error } = splitSizes(text);
    assert.deepEqual(sizes ?? error, expected, text);
  }
});

test("a number has one text, which means the same number", () => {
  for (const [value, text] of EXAMPLES.text) {
    assert.equal(writeNumber(value), text);
    assert.equal(readNumber(text).number, value);
  }
  for (const [value, text] of EXAMPLES.limit) assert.equal(writeLimit(value), text);
});
