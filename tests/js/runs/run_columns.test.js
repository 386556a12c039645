import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** @type {any} */ (globalThis).process.env.TZ = "Etc/GMT-2"; // two hours east of UTC
const { COLUMN_NAMES, createColumns } = await import("../../../static/js/runs/run_columns.js");

/** The server formats the same examples. @type {{run: any, cells: Record<string, string>}[]} */
const EXAMPLES = JSON.parse(readFileSync(new URL("../../run_row_examples.json", import.meta.url), "utf-8"));
const COLUMNS = createColumns(new Map([["digits", "8×8 digits"]]));

for (const { run, cells } of EXAMPLES) {
  test(`each column shows its text: ${run.name}`, () => {
    assert.deepEqual(Object.fromEntries(COLUMNS.map(({ name, text }) => [name, text(run)])), cells);
  });
}

test("the URL accepts the name of each column", () => {
  assert.deepEqual(COLUMNS.map(({ name }) => name).sort(), [...COLUMN_NAMES].sort());
});

test("a running run shows the number of all epochs", () => {
  const run = { ...EXAMPLES[0].run, status: "running", epochs_completed: 12 };
  assert.equal(COLUMNS.find(({ name }) => name === "epochs")?.text(run), "12 of 30");
});
