import assert from "node:assert/strict";
import { test } from "node:test";
import { createActions } from "../../../static/js/misclassified/actions.js";
import { NO_FILTER } from "../../../static/js/misclassified/view_state.js";
import { ActionTable } from "../../../static/js/ui/actions.js";

const EVENT = new Event("click");

/** @param {Record<string, unknown>} [state] values of the store */
function createTable(state = {}) {
  /** @type {unknown[][]} */
  const calls = [];
  /** @param {string} name @returns {(...values: unknown[]) => void} */
  const record =
    (name) =>
    (...values) =>
      void calls.push([name, ...values]);
  const store = {
    classNames: ["cat", "dog"],
    view: { ...NO_FILTER, image: null },
    epoch: 2,
    completed: 3,
    total: 5,
    filter: record("filter"),
    ...state,
  };
  const grid = { selection: { size: 0 }, targets: [4] };
  const navigation = { canStep: (/** @type {number} */ step) => step > 0, step: record("step") };
  const annotations = { flag: record("flag"), enterDigit: record("digit") };
  const targets = { store, navigation, grid, annotations, goToEpoch: record("epoch"), showKeys: record("keys") };
  return { table: new ActionTable(createActions(/** @type {any} */ (targets))), calls, grid };
}

test("names and keys are unique", () => {
  const { actions } = createTable().table;
  const names = actions.map(({ name }) => name);
  const keys = actions.flatMap((action) => action.keys ?? []);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(keys).size, keys.length);
});

test("an action runs only if it applies", () => {
  const { table, calls } = createTable();
  assert.equal(table.run(table.byKey.get("j"), EVENT), true);
  assert.equal(table.run(table.byKey.get("k"), EVENT), false);
  assert.equal(table.run(table.byKey.get("Enter"), EVENT), false, "other code handles this key");
  assert.equal(table.run(table.byKey.get("x"), EVENT), false);
  assert.deepEqual(calls, [["step", 1]]);
});

test("keys for epochs stop at the first and the last epoch", () => {
  const { table, calls } = createTable({ epoch: 3 });
  assert.equal(table.applies("next-epoch"), false);
  table.run(table.get("previous-epoch"), EVENT);
  assert.deepEqual(calls, [["epoch", 2, "epoch"]]);
});

test("an annotation applies to the selection, else to the open image, else to the focused tile", () => {
  const { table, calls, grid } = createTable({ view: { ...NO_FILTER, image: 9 } });
  table.run(table.get("flag"), EVENT);
  grid.selection.size = 1;
  table.run(table.get("flag"), EVENT);
  assert.deepEqual(calls, [
    ["flag", [9]],
    ["flag", [4]],
  ]);
});

test("filters can be cleared if there are any", () => {
  assert.equal(createTable().table.applies("clear-filters"), false);
  const { table, calls } = createTable({ view: { ...NO_FILTER, true: 1, image: null } });
  assert.equal(table.applies("back"), true);
  table.run(table.get("clear-filters"), EVENT);
  assert.deepEqual(calls, [["filter", NO_FILTER]]);
});

test("the key for labels names the classes unless their names are numbers", () => {
  assert.match(createTable().table.get("label").title, /: 0 cat, 1 dog$/);
  assert.equal(
    createTable({ classNames: ["0", "1"] })
      .table.get("label")
      .title.includes(":"),
    false,
  );
});
