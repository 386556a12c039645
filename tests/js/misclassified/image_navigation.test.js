import assert from "node:assert/strict";
import { test } from "node:test";
import { findEnds } from "../../../static/js/misclassified/image_navigation.js";

test("only the first and the last image of the whole list have no neighbor on one side", () => {
  assert.deepEqual(findEnds({ position: 0, offset: 0, total: 100 }), { isFirst: true, isLast: false });
  assert.deepEqual(findEnds({ position: 47, offset: 0, total: 100 }), { isFirst: false, isLast: false });
  assert.deepEqual(findEnds({ position: 0, offset: 48, total: 100 }), { isFirst: false, isLast: false });
  assert.deepEqual(findEnds({ position: 3, offset: 96, total: 100 }), { isFirst: false, isLast: true });
  assert.deepEqual(findEnds({ position: 0, offset: 0, total: 1 }), { isFirst: true, isLast: true });
});

test("an image outside the list is neither first nor last, unless the list is empty", () => {
  assert.deepEqual(findEnds({ position: -1, offset: 0, total: 5 }), { isFirst: false, isLast: false });
  assert.deepEqual(findEnds({ position: -1, offset: 0, total: 0 }), { isFirst: true, isLast: true });
});
