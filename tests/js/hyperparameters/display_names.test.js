import assert from "node:assert/strict";
import { test } from "node:test";
import { choiceName, nameChoices, valueName } from "../../../static/js/hyperparameters/display_names.js";

test("a choice has the server's name, a known name, or its words", () => {
  assert.equal(choiceName("digits", { digits: "8×8 digits" }), "8×8 digits");
  assert.equal(choiceName("leaky_relu"), "Leaky ReLU");
  assert.equal(choiceName("without_replacement"), "Without replacement");
});

test("values are written as people write them", () => {
  assert.deepEqual(
    [[128, 64], [], true, false, 0.001, 4000, 1e20, "sgd"].map((value) => valueName(value)),
    ["128, 64", "none", "on", "off", "0.001", "4,000", "1e20", "SGD"],
  );
});

test("a number with a special meaning has the name of this meaning", () => {
  assert.deepEqual(
    [0, 10].map((value) => valueName(value, { 0: "all" })),
    ["all", "10"],
  );
});

test("the server's text about a field contains the names of the menu", () => {
  const initializer = { choices: ["he", "glorot"], choice_names: {} };
  assert.equal(nameChoices("he suits relu; glorot suits tanh.", initializer), "He suits ReLU; Glorot suits tanh.");
  assert.equal(nameChoices("must be full_batch, because lbfgs", initializer), "must be Full batch, because L-BFGS");
  const dataset = { choices: ["digits"], choice_names: { digits: "8×8 digits" } };
  assert.equal(nameChoices("The 8×8 digits come with the program.", dataset), "The 8×8 digits come with the program.");
});
