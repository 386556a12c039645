import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImages, describeRows } from "../../../static/js/datasets/descriptions.js";
import { describeProgress, downloadedPercent } from "../../../static/js/datasets/download_progress.js";
import { tableColumns, tableRow } from "../../../static/js/datasets/table_rows.js";
import { datasetInfo, regression } from "../support/examples.js";

const gate = datasetInfo({
  kind: "table",
  class_names: ["false", "true"],
  feature_names: ["x₁", "x₂"],
  n_features: 2,
});

test("the heading names the split, the class and the range", () => {
  const range = { total: 1438, offset: 96, shown: 96 };
  assert.equal(describeImages(datasetInfo(), "train", null, range), "1,438 training images, 97 to 192 shown");
  assert.equal(
    describeImages(datasetInfo(), "test", 2, { total: 1, offset: 0, shown: 1 }),
    "1 test image of 2, 1 to 1 shown",
  );
});

test("the heading of a table names the range and the inputs only if some are missing", () => {
  assert.equal(describeRows(gate, { total: 4, offset: 0, shown: 4 }), "4 training examples");
  assert.equal(
    describeRows(regression, { total: 164, offset: 100, shown: 64 }),
    "164 training examples, 101 to 164 shown; the first 2 of 1,000 inputs of each",
  );
});

test("a classification has one column to predict, a regression one for each target", () => {
  const { hasMore, inputsTitle, outcomes, outcomesTitle } = tableColumns(gate);
  assert.deepEqual([hasMore, inputsTitle, outcomes, outcomesTitle], [false, "2 inputs", ["class"], "To predict"]);
  const wide = tableColumns(regression);
  assert.deepEqual([wide.hasMore, wide.outcomes, wide.outcomesTitle], [true, ["y1", "y2"], "2 targets"]);
});

test("a row contains numbers with four digits and the name of the class", () => {
  const example = { index: 0, label: 1, inputs: [0, -1.23456], targets: [2.5, 1e6] };
  assert.deepEqual(tableRow(gate, example), { inputs: ["0", "−1.235"], outcomes: ["true"] });
  assert.deepEqual(tableRow(regression, example).outcomes, ["2.5", "1.00e+6"]);
  assert.deepEqual(tableRow(gate, { ...example, label: 7 }).outcomes, ["7"]);
});

test("the progress of a download never exceeds 100 %", () => {
  const progress = { dataset: "mnist", state: /** @type {const} */ ("fetching"), file: "a.gz", error: null };
  assert.equal(downloadedPercent({ ...progress, received_bytes: 50, total_bytes: 200 }), 25);
  assert.equal(downloadedPercent({ ...progress, received_bytes: 300, total_bytes: 200 }), 100);
  assert.equal(downloadedPercent({ ...progress, received_bytes: 0, total_bytes: 0 }), 0);
  assert.equal(describeProgress({ ...progress, received_bytes: 1500, total_bytes: 2e6 }), "2 kB of 2.0 MB, a.gz");
});
