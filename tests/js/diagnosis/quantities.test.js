import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, layersOf, QUANTITIES, quantitiesOf } from "../../../static/js/diagnosis/quantities.js";

const [gradient, update, dead, saturated] = QUANTITIES;
const network = (changes = {}) => ({
  hidden_sizes: [32, 1000],
  activation: "relu",
  loss: "softmax_cross_entropy",
  output_activation: "sigmoid",
  ...changes,
});

test("layers have a name, their number of units and their activation function", () => {
  const texts = layersOf(network(), 10).map(({ name, detail }) => `${name} (${detail})`);
  assert.deepEqual(texts, ["Hidden 1 (32 ReLU)", "Hidden 2 (1,000 ReLU)", "Output (10 softmax)"]);
  const nouns = layersOf(network(), 10).map(({ noun }) => noun);
  assert.deepEqual(nouns, ["hidden layer 1", "hidden layer 2", "the output layer"]);
});

test("the loss determines the activation of the outputs; a squared loss leaves the choice", () => {
  const output = (/** @type {string} */ loss) =>
    layersOf(network({ loss, output_activation: "tanh" }), 1).at(-1)?.activation;
  assert.deepEqual(["softmax_cross_entropy", "binary_cross_entropy", "quadratic"].map(output), [
    "softmax",
    "sigmoid",
    "tanh",
  ]);
});

test("relu units can die, bounded hidden units can saturate, and linear ones can do neither", () => {
  const keys = (/** @type {object} */ changes) => quantitiesOf(layersOf(network(changes), 10)).map(({ key }) => key);
  assert.deepEqual(keys({ activation: "relu" }), ["gradient", "update", "dead"]);
  assert.deepEqual(keys({ activation: "leaky_relu" }), ["gradient", "update"]);
  assert.deepEqual(keys({ activation: "tanh" }), ["gradient", "update", "saturated"]);
  assert.deepEqual(keys({ activation: "sigmoid", loss: "quadratic" }), ["gradient", "update", "saturated"]);
  assert.deepEqual(keys({ hidden_sizes: [], activation: "sigmoid", loss: "quadratic" }), ["gradient", "update"]);
});

test("the ends of a healthy range belong to it", () => {
  for (const quantity of [gradient, update, dead, saturated]) {
    for (const value of [quantity.low, quantity.high])
      assert.deepEqual(judge(quantity, value), { side: "healthy", strength: 0 });
  }
});

test("values outside the range are too small or too large, and the more so the farther away", () => {
  const strengths = [1e-5, 1e-6, 1e-7, 1e-9, 0].map((value) => judge(update, value));
  assert.ok(strengths.every(({ side }) => side === "low"));
  assert.ok(strengths[0].strength > 0.5 && strengths[0].strength < strengths[1].strength);
  assert.deepEqual(
    strengths.slice(2).map(({ strength }) => strength),
    [1, 1, 1],
  );
  assert.equal(judge(gradient, 71).side, "high");
  assert.deepEqual(judge(gradient, Infinity), { side: "high", strength: 1 });
  assert.deepEqual(judge(dead, 1), { side: "high", strength: 1 });
  assert.equal(judge(saturated, 0.51).side, "high");
});

test("a value that is not finite is broken", () => {
  assert.deepEqual(judge(gradient, NaN), { side: "broken", strength: 1 });
});
