import assert from "node:assert/strict";
import { test } from "node:test";
import { limitCompared, MAX_COMPARED } from "../../../static/js/comparison/limit.js";

const ids = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index + 1);

test("as many runs as there are colors are compared without a note", () => {
  assert.deepEqual(
    limitCompared(ids(MAX_COMPARED), () => false),
    { compared: ids(MAX_COMPARED), note: "" },
  );
});

test("the note names the runs above the limit", () => {
  const { compared, note } = limitCompared(ids(10), () => false);
  assert.deepEqual(compared, ids(8));
  assert.equal(note, "The address contains 10 runs, but at most 8 can be compared: runs 9, 10 are not compared.");
  assert.match(limitCompared(ids(9), () => false).note, /: run 9 is not compared\.$/);
});

test("runs that do not exist take no place", () => {
  const { compared, note } = limitCompared(ids(9), (id) => id === 2);
  assert.deepEqual([compared, note], [[1, 3, 4, 5, 6, 7, 8, 9], ""]);
});
