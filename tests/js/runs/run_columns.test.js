import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** @type {any} */ (globalThis).process.env.TZ = "Etc/GMT-2"; // two hours east of UTC
const { COLUMN_NAMES, COLUMNS } = await import("../../../static/js/runs/run_columns.js");

/** The server formats the same examples. @type {{run: any, cells: Record<string, string>}[]} */
const EXAMPLES = JSON.parse(readFileSync(new URL("../../run_row_examples.json", import.meta.url), "utf-8"));
const TITLES = new Map([["digits", "8×8 digits"]]);

for (const { run, cells } of EXAMPLES) {
  test(`each column shows its text: ${run.name}`, () => {
    assert.deepEqual(Object.fromEntries(COLUMNS.map(({ name, text }) => [name, text(run, TITLES)])), cells);
  });
}

test("the runs that started last come first by default", () => {
  assert.equal(COLUMN_NAMES[0], "started");
  assert.equal(COLUMN_NAMES.length, COLUMNS.length);
});

test("a running run shows the number of all epochs", () => {
  const run = { ...EXAMPLES[0].run, status: "running", epochs_completed: 12 };
  assert.equal(COLUMNS.find(({ name }) => name === "epochs")?.text(run, TITLES), "12 of 30");
});
