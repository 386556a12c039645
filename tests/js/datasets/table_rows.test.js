import assert from "node:assert/strict";
import { test } from "node:test";
import { tableColumns, tableRow } from "../../../static/js/datasets/table_rows.js";
import { gate, regression } from "../support/examples.js";

test("a classification has one column to predict, a regression one for each target", () => {
  const { hasMore, inputsTitle, outcomes, outcomesTitle } = tableColumns(gate);
  assert.deepEqual([hasMore, inputsTitle, outcomes, outcomesTitle], [false, "2 inputs", ["class"], "To predict"]);
  const wide = tableColumns(regression);
  assert.deepEqual([wide.hasMore, wide.outcomes, wide.outcomesTitle], [true, ["y1", "y2"], "2 targets"]);
});

test("a row contains numbers with four digits and the name of the class", () => {
  const example = { index: 0, label: 1, inputs: [0, -1.23456], targets: [2.5, 1e6] };
  assert.deepEqual(tableRow(gate, example), { inputs: ["0", "−1.235"], outcomes: ["true"] });
  assert.deepEqual(tableRow(regression, example).outcomes, ["2.5", "1.00e6"]);
  assert.deepEqual(tableRow(gate, { ...example, label: 7 }).outcomes, ["7"]);
});
