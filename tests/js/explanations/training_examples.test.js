import assert from "node:assert/strict";
import { test } from "node:test";
import { describeWeights, groupInfluences, groupNeighbors } from "../../../static/js/explanations/training_examples.js";

const NAMES = ["sandal", "sneaker", "shirt"];
const LABELS = { true_label: 0, predicted_label: 1, rival_label: 0 };

test("neighbors are counted by label, the most frequent first", () => {
  const labels = [0, 1, 1, 2, 1];
  const { summary, examples } = groupNeighbors(
    labels.map((label, index) => ({ index, label, distance: 1.5 + index })),
    NAMES,
  );
  assert.equal(summary, "Of these 5, 3 are sneaker, 1 is sandal, 1 is shirt.");
  assert.deepEqual(examples[1], { index: 1, label: 1, text: "distance 2.50" });
});

test("neighbors with one label need no counts", () => {
  const neighbors = [4, 5].map((index) => ({ index, label: 2, distance: 0.5 }));
  assert.equal(groupNeighbors(neighbors, NAMES).summary, "All 2 are shirt.");
});

test("a network without a hidden layer has no neighbors in it", () => {
  assert.deepEqual(groupNeighbors(null, NAMES), { summary: "This network has no hidden layer.", examples: [] });
});

test("influences name the class that they favor", () => {
  const influences = [0.25, -0.5, -0.125].map((push, index) => ({ index, label: 2, push }));
  const { summary, examples } = groupInfluences(influences, LABELS, NAMES);
  assert.equal(summary, "Training images with the most influence on the logit gap: 1 toward sneaker, 2 toward sandal.");
  assert.deepEqual(examples[1], { index: 1, label: 2, text: "−0.50", toward: "sandal", sign: "negative" });
});

test("the summary of influences covers one direction and no influence", () => {
  const influences = [0.25, 0.5].map((push, index) => ({ index, label: 1, push }));
  assert.match(groupInfluences(influences, LABELS, NAMES).summary, /: all toward sneaker\.$/);
  assert.equal(groupInfluences([], LABELS, NAMES).summary, "No training image influenced the logit gap.");
});

test("the epochs of the stored weights are listed", () => {
  assert.match(
    describeWeights({ weights_epoch: 1200, checkpoints: [1, 30, 1200] }),
    /epoch 1,200\..* epochs 1, 30 and 1,200\./,
  );
  assert.match(describeWeights({ weights_epoch: 3, checkpoints: [3] }), /stored weights of epoch 3\./);
});
