import assert from "node:assert/strict";
import { test } from "node:test";
import { assignColors, chooseSplit } from "../../../static/js/comparison/splits.js";

const IMAGES = { name: "Images", splits: { train: true, validation: true, test: true } };
const WITHOUT_VALIDATION = { name: "All for training", splits: { train: true, validation: false, test: true } };
const TABLE = { name: "Squares", splits: { train: true, validation: false, test: false } };

test("a split that all runs have is shown without a note", () => {
  const { offered, selected, note } = chooseSplit([IMAGES, IMAGES], "validation");
  assert.deepEqual([offered, selected, note], [["train", "validation", "test"], "validation", ""]);
  assert.equal(chooseSplit([IMAGES, TABLE], "train").note, "");
});

test("a note names the runs without the selected split", () => {
  const { selected, note } = chooseSplit([IMAGES, WITHOUT_VALIDATION, TABLE], "validation");
  assert.equal(selected, "validation");
  assert.match(note, /^Runs without validation examples have no line: All for training, Squares\./);
});

test("only splits that a run has are offered; without the requested one, the charts show the training examples", () => {
  const both = chooseSplit([WITHOUT_VALIDATION, TABLE], "validation");
  assert.deepEqual([both.offered, both.selected], [["train", "test"], "train"]);
  assert.match(both.note, /^These runs have no validation examples\./);
  const one = chooseSplit([TABLE], "test");
  assert.deepEqual([one.offered, one.selected], [["train"], "train"]);
  assert.match(one.note, /^This run has no test examples\./);
});

test("each run keeps its color, and a new run gets the lowest free one", () => {
  const first = assignColors(new Map(), [7, 5]);
  assert.deepEqual(Object.fromEntries(first), { 7: 1, 5: 2 });
  assert.deepEqual(Object.fromEntries(assignColors(first, [5, 9])), { 5: 2, 9: 1 });
});
