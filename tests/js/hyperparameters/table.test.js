import assert from "node:assert/strict";
import { test } from "node:test";
import { presetFacts } from "../../../static/js/hyperparameters/preset_picker.js";
import { hyperparameterRow } from "../../../static/js/hyperparameters/table.js";
import { fieldInfo, preset } from "../support/examples.js";

test("a row contains the unit, and the default if the value differs from it", () => {
  const field = fieldInfo({ name: "batch_size", label: "Batch size", unit: "images", default: 32 });
  const { label, text, defaultText } = hyperparameterRow(field, { batch_size: 64 });
  assert.deepEqual([label, text, defaultText], ["Batch size", "64 images", "default 32"]);
  assert.equal(hyperparameterRow(field, { batch_size: 32 }).defaultText, "");
});

test("a preset shows only the facts that are known", () => {
  assert.deepEqual(presetFacts(preset({ reached: "97 %", source: "Nielsen" })), [
    ["In Misfit", "97 %"],
    ["Source", "Nielsen"],
  ]);
  assert.deepEqual(presetFacts(null), []);
});
