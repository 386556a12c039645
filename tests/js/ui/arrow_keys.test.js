import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCell } from "../../../static/js/ui/arrow_keys.js";

/** @param {string} key @param {Partial<KeyboardEvent>} modifiers */
const event = (key, modifiers = {}) =>
  /** @type {KeyboardEvent} */ ({ key, altKey: false, metaKey: false, shiftKey: false, ctrlKey: false, ...modifiers });

test("an arrow moves by one cell and stops at the edge", () => {
  assert.deepEqual(nextCell(event("ArrowDown"), { row: 1, column: 2 }, 9), { row: 2, column: 2 });
  assert.deepEqual(nextCell(event("ArrowLeft"), { row: 1, column: 0 }, 9), { row: 1, column: 0 });
});

test("Ctrl, Home and End move to the edge", () => {
  assert.deepEqual(nextCell(event("ArrowUp", { ctrlKey: true }), { row: 5, column: 2 }, 9), { row: 0, column: 2 });
  assert.deepEqual(nextCell(event("End"), { row: 5, column: 2 }, 9), { row: 5, column: 9 });
  assert.deepEqual(nextCell(event("Home"), { row: 5, column: 2 }, 9), { row: 5, column: 0 });
});

test("other keys and modifiers do not move", () => {
  assert.equal(nextCell(event("a"), { row: 0, column: 0 }, 9), null);
  assert.equal(nextCell(event("ArrowUp", { shiftKey: true }), { row: 1, column: 1 }, 9), null);
});
