import assert from "node:assert/strict";
import { test } from "node:test";
import { ratioSentences, relativeError, walkLayers } from "../../../static/js/lab/layer_walk.js";
import { exampleCheck } from "./examples.js";

/**
 * Return the states of the layers 3, 2, 1 from pairs of letters, for the weights and the biases of each: a for a gradient
 * that agrees, d for one that disagrees, n for one that is not compared.
 * @param {string[]} pairs
 */
function states(...pairs) {
  const checks = pairs.flatMap((pair, position) =>
    [...pair].map((letter, index) =>
      exampleCheck({
        layer: pairs.length - position,
        kind: index ? "biases" : "weights",
        agrees: letter !== "d",
        n_compared: letter === "n" ? 0 : 5,
      }),
    ),
  );
  return walkLayers(checks).map(({ state }) => state);
}

test("all layers of a right gradient agree", () => {
  assert.deepEqual(states("aa", "aa", "aa"), ["agrees", "agrees", "agrees"]);
});

test("the first layer that disagrees has the bug, and contaminates those before it", () => {
  assert.deepEqual(states("aa", "dd", "dd"), ["agrees", "bug", "contaminated"]);
  assert.deepEqual(states("dd", "dd", "dd"), ["bug", "contaminated", "contaminated"]);
});

test("a gradient that agrees proves that the error is right", () => {
  assert.deepEqual(states("ad", "ad", "ad"), ["bug", "bug", "bug"]);
  assert.deepEqual(states("dd", "aa", "dd"), ["bug", "agrees", "bug"]);
  assert.deepEqual(states("dd", "da", "aa"), ["bug", "bug", "agrees"]);
});

test("a layer without comparable gradients proves nothing", () => {
  assert.deepEqual(states("dd", "nn", "dd"), ["bug", "none", "contaminated"]);
  assert.deepEqual(states("dn", "dd"), ["bug", "contaminated"]);
});

test("the texts name the layer that contaminates", () => {
  const checks = [3, 2, 1].map((layer) => exampleCheck({ layer, agrees: layer === 3 }));
  assert.deepEqual(
    walkLayers(checks).map(({ text }) => text),
    ["✓ agrees", "✗ the bug is here", "contaminated by layer 2: it may be right itself"],
  );
  const biases = [2, 1].flatMap((layer) => [
    exampleCheck({ layer }),
    exampleCheck({ layer, kind: "biases", agrees: false }),
  ]);
  assert.deepEqual(
    walkLayers(biases).map(({ text }) => text),
    ["✗ the bug is here", "✗ a bug is here too"],
  );
});

test("a ratio that weights and biases have in common is named once", () => {
  const wrong = { agrees: false, ratio_text: "Each element is 20 times too large." };
  const [layer] = walkLayers([exampleCheck(wrong), exampleCheck({ ...wrong, kind: "biases" })]);
  assert.deepEqual(ratioSentences(layer), ["Weights and biases: Each element is 20 times too large."]);
  const [other] = walkLayers([exampleCheck({}), exampleCheck({ ...wrong, kind: "biases" })]);
  assert.deepEqual(ratioSentences(other), ["Biases: Each element is 20 times too large."]);
});

test("relative errors have two or three digits", () => {
  assert.deepEqual([0, 1.234e-9, 0.90476, 1].map(relativeError), ["0", "1.2e-9", "0.905", "1.00"]);
});
