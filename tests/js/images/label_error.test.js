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
    "Label suspect, possibly dog instead of cat. Of the 10 nearest training images, 9 are labeled dog and 1 cat. " +
      "Of 3 other runs on these images, 2 predict dog and 1 cat.",
  );
});

test("a single neighbor and a single run are singular, and without other runs only neighbors count", () => {
  const single = { total: 1, suggested: 1, label: 0 };
  assert.match(describe({ runs: single }), /Of 1 other run on these images, 1 predicts dog and 0 cat\.$/);
  assert.match(describe({ neighbors: { ...NEIGHBORS, suggested: 1 } }), /1 is labeled dog/);
  assert.match(describe({ runs: { total: 0, suggested: 0, label: 0 } }), /9 are labeled dog and 1 cat\.$/);
});

test("without evidence against the label there is no text", () => {
  assert.equal(describe({ suggested_label: 0 }), "");
  assert.equal(describeLabelError({ true_label: 0, label_error: null }, ["cat"]), "");
});
