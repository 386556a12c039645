import assert from "node:assert/strict";
import { test } from "node:test";
import { distinctNames, shortNames } from "../../../static/js/comparison/run_names.js";

const names = (/** @type {string[]} */ ...texts) => [
  ...distinctNames(
    texts.map((name, index) => ({ id: index + 1, name })),
    28,
  ).values(),
];

test("a name that only one run has stays as it is", () => {
  assert.deepEqual(names("Slow", "Fast", "__proto__"), ["Slow", "Fast", "__proto__"]);
});

test("runs with the same name get their numbers", () => {
  assert.deepEqual(names("8×8 digits · 64-64-10", "Slow", "8×8 digits · 64-64-10"), [
    "8×8 digits · 64-64-10 (run 1)",
    "Slow",
    "8×8 digits · 64-64-10 (run 3)",
  ]);
});

test("long names are cut between characters, and are different after that", () => {
  const [first, second] = names(`${"😀".repeat(40)}a`, `${"😀".repeat(40)}b`);
  assert.equal(first, `${"😀".repeat(27)}… (run 1)`);
  assert.equal(second, `${"😀".repeat(27)}… (run 2)`);
});

test("runs whose short names are the same are named by their numbers alone", () => {
  const runs = ["8×8 quick", "8×8 quick", "Slow"].map((name, index) => ({ id: index + 1, name }));
  assert.deepEqual([...shortNames(runs, 10).values()], ["run 1", "run 2", "Slow"]);
});
