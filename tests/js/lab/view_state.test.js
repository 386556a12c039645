import assert from "node:assert/strict";
import { test } from "node:test";
import { readValues } from "../../../static/js/core/url_state.js";
import { CODECS, chosenBugs } from "../../../static/js/lab/view_state.js";
import { exampleBug, wholeBug } from "./examples.js";

const BUGS = [wholeBug, exampleBug(), exampleBug({ id: "B12", layers: [2] })];

/** @param {string} query */
const chosen = (query) => chosenBugs(readValues(CODECS, new URLSearchParams(query)), BUGS);

test("an address without a bug chooses the first one", () => {
  assert.deepEqual(chosen(""), [{ bug: "B01", layer: null }]);
});

test("an address chooses two bugs with their layers", () => {
  assert.deepEqual(chosen("bug=B09&layer=3&second=B12&second_layer=2"), [
    { bug: "B09", layer: 3 },
    { bug: "B12", layer: 2 },
  ]);
});

test("an unknown bug, a layer that cannot have the bug, and the same bug again are ignored", () => {
  assert.deepEqual(chosen("bug=B99"), [{ bug: "B01", layer: null }]);
  assert.deepEqual(chosen("bug=B12&layer=1&second=B99"), [{ bug: "B12", layer: null }]);
  assert.deepEqual(chosen("bug=B01&layer=1&second=B01"), [{ bug: "B01", layer: null }]);
});
