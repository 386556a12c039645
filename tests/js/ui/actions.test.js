import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionTable } from "../../../static/js/ui/actions.js";

const EVENT = new Event("click");

test("an action is found by its name and its keys", () => {
  const next = { name: "next", title: "Next image", keys: ["j", "ArrowRight"] };
  const table = new ActionTable([next, { name: "export", title: "Export" }]);
  assert.equal(table.get("next"), next);
  assert.equal(table.byKey.get("ArrowRight"), next);
  assert.throws(() => table.get("previous"), /There is no action previous/);
});

test("an action without a condition always applies", () => {
  let isOpen = false;
  const close = { name: "close", title: "Close", applies: () => isOpen };
  const table = new ActionTable([close, { name: "open", title: "Open" }]);
  assert.equal(table.applies("open"), true);
  assert.equal(table.applies("close"), false);
  isOpen = true;
  assert.equal(table.applies("close"), true);
});

test("the result of a run is false if the event had no effect", () => {
  const runs = /** @type {string[]} */ ([]);
  const table = new ActionTable([
    { name: "flag", title: "Flag", run: () => void runs.push("flag") },
    { name: "undo", title: "Undo", run: () => false },
    { name: "close", title: "Close", applies: () => false, run: () => void runs.push("close") },
    { name: "file", title: "CSV", href: () => "/file.csv" },
  ]);
  const results = ["flag", "undo", "close", "file"].map((name) => table.run(table.get(name), EVENT));
  assert.deepEqual(results, [true, false, false, false]);
  assert.equal(table.run(undefined, EVENT), false);
  assert.deepEqual(runs, ["flag"]);
});
