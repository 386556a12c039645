import assert from "node:assert/strict";
import { test } from "node:test";
import { hyperparameterRow } from "../../../static/js/hyperparameters/table.js";
import { fieldInfo } from "../support/examples.js";

test("a row contains the unit, and the default if the value differs from it", () => {
  const field = fieldInfo({ name: "batch_size", label: "Batch size", unit: "images", default: 32 });
  const { label, text, defaultText } = hyperparameterRow(field, { batch_size: 64 });
  assert.deepEqual([label, text, defaultText], ["Batch size", "64 images", "default 32"]);
  assert.equal(hyperparameterRow(field, { batch_size: 32 }).defaultText, "");
});
