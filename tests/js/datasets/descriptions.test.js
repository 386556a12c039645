import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImages, describeRows } from "../../../static/js/datasets/descriptions.js";
import { datasetInfo, gate, regression } from "../support/examples.js";

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
