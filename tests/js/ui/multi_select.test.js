import assert from "node:assert/strict";
import { test } from "node:test";
import { Selection } from "../../../static/js/ui/multi_select.js";

function createSelection() {
  let changes = 0;
  const selection = new Selection(() => {
    changes += 1;
  });
  selection.setShown([10, 11, 12, 13, 14]);
  return { selection, changes: () => changes };
}

test("a range extends from the anchor and replaces the previous range", () => {
  const { selection, changes } = createSelection();
  selection.toggle(12);
  selection.extend(14);
  assert.deepEqual(selection.indices, [12, 13, 14]);
  selection.extend(10);
  assert.deepEqual(selection.indices, [10, 11, 12]);
  assert.equal(changes(), 3);
});

test("without an anchor, a range starts at the given image", () => {
  const { selection } = createSelection();
  selection.extend(13, 11);
  assert.deepEqual(selection.indices, [11, 12, 13]);
});

test("a toggled image keeps the other selected images", () => {
  const { selection } = createSelection();
  selection.selectAll();
  selection.toggle(11);
  assert.deepEqual(selection.indices, [10, 12, 13, 14]);
  selection.clear();
  assert.equal(selection.size, 0);
});

test("an image that leaves the page is deselected", () => {
  const { selection } = createSelection();
  selection.toggle(10);
  selection.toggle(14);
  selection.setShown([14, 15, 16]);
  assert.deepEqual(selection.indices, [14]);
  selection.extend(16);
  assert.deepEqual(selection.indices, [14, 15, 16], "the anchor is still on the page");
});
