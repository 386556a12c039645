import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCell, nextPosition } from "../../../static/js/ui/arrow_keys.js";

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

test("keys move in a list and stop at its ends", () => {
  const keys = { back: ["ArrowUp"], forward: ["ArrowDown"] };
  assert.equal(nextPosition(event("ArrowDown"), 1, 3, keys), 2);
  assert.equal(nextPosition(event("ArrowDown"), 3, 3, keys), 3);
  assert.equal(nextPosition(event("ArrowUp"), 0, 3, keys), 0);
  assert.equal(nextPosition(event("End"), 0, 3, keys), 3);
  assert.equal(nextPosition(event("Home"), 2, 3, keys), 0);
});

test("keys of tabs continue at the other end", () => {
  const keys = { back: ["ArrowLeft"], forward: ["ArrowRight"], wraps: true };
  assert.equal(nextPosition(event("ArrowRight"), 4, 4, keys), 0);
  assert.equal(nextPosition(event("ArrowLeft"), 0, 4, keys), 4);
  assert.equal(nextPosition(event("ArrowLeft"), 3, 4, keys), 2);
});

test("other keys and modifiers do not move in a list", () => {
  const keys = { back: ["ArrowLeft"], forward: ["ArrowRight"] };
  assert.equal(nextPosition(event("ArrowDown"), 1, 3, keys), null);
  assert.equal(nextPosition(event("End", { ctrlKey: true }), 1, 3, keys), null);
  assert.equal(nextPosition(event("ArrowLeft", { altKey: true }), 1, 3, keys), null);
});
