import assert from "node:assert/strict";
import { test } from "node:test";
import { describeLabelError } from "../../../static/js/images/label_error.js";

const NEIGHBORS = { total: 10, suggested: 9, label: 1 };

/** @param {object} evidence */
function describe(evidence) {
  const found = { suggested_label: 1, score: 0.9, neighbors: NEIGHBORS, runs: { total: 3, suggested: 2, label: 1 } };
  return describeLabelError({ true_label: 0, label_error: { ...found, ...evidence } }, ["cat", "dog"]);
}

test("a label suspect is explained by the neighbors and the other runs", () => {
  assert.equal(
    describe({}),
    "Label suspect, possibly dog instead of cat. Nearest training images: 9 of 10 labeled dog, 1 labeled cat. " +
      "Other runs: 2 of 3 predict dog, 1 predict cat.",
  );
});

test("without other runs only neighbors count", () => {
  assert.match(describe({ runs: { total: 0, suggested: 0, label: 0 } }), /1 labeled cat\.$/);
});

test("without evidence against the label there is no text", () => {
  assert.equal(describe({ suggested_label: 0 }), "");
  assert.equal(describeLabelError({ true_label: 0, label_error: null }, ["cat"]), "");
});
