import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fieldApplies,
  findError,
  readValue,
  sameValue,
  writeValue,
} from "../../../static/js/hyperparameters/field_value.js";
import { fieldInfo as field } from "../support/examples.js";

test("text is parsed to a value, and text that is not a number stays text", () => {
  assert.equal(readValue(field({}), " 1e-3 "), 0.001);
  assert.equal(readValue(field({}), "fast"), "fast");
  assert.deepEqual(readValue(field({ type: "sizes" }), "128, 64"), [128, 64]);
  assert.equal(readValue(field({ type: "boolean" }), "true"), true);
});

test("parsing a formatted value returns the same value", () => {
  for (const value of [0.1, 1e15, 12, 1e-6]) assert.equal(readValue(field({}), writeValue(value)), value);
  assert.deepEqual(readValue(field({ type: "sizes" }), writeValue([30, 20])), [30, 20]);
  assert.ok(sameValue([1, 2], [1, 2]));
  assert.ok(!sameValue(1, 2));
});

test("errors have the wording of the server", () => {
  assert.equal(findError(field({ exclusive_minimum: 0 }), 0), "must be greater than 0");
  assert.equal(findError(field({ maximum: 10000 }), 10001), "is too large: it must be at most 10,000");
  assert.equal(findError(field({ type: "integer" }), 1.5), "must be a whole number");
  assert.equal(findError(field({ type: "choice", choices: ["adam"] }), "eve"), "must be one of the choices");
  assert.equal(findError(field({ minimum: 0 }), 0), "");
  const epochs = field({ type: "integer", minimum: 1, maximum: 10000 });
  const tooLarge = "is too large: it must be at most 10,000";
  assert.equal(findError(epochs, readValue(epochs, "9".repeat(20))), tooLarge);
  assert.match(findError(epochs, readValue(epochs, "1.000")), /^is ambiguous: 1\.000 can mean 1 or 1000/);
  const sizes = field({ type: "sizes", minimum: 1, maximum: 10000 });
  assert.equal(findError(sizes, readValue(sizes, "64; 1000000")), `layer 2 ${tooLarge}`);
  assert.equal(findError(sizes, readValue(sizes, "64, -5")), "layer 2 must be at least 1");
  assert.equal(findError(sizes, readValue(sizes, "64, wide")), "layer 2 must be a whole number");
  assert.equal(findError(sizes, [64, 32]), "");
});

test("a field applies if all values that it depends on are allowed", () => {
  const momentum = field({ applies_when: { optimizer: ["sgd", "rmsprop"], batching: ["mini_batch"] } });
  assert.ok(fieldApplies(momentum, { optimizer: "sgd", batching: "mini_batch" }));
  assert.ok(!fieldApplies(momentum, { optimizer: "adam", batching: "mini_batch" }));
  assert.ok(fieldApplies(field(), {}));
});
