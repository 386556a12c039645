import assert from "node:assert/strict";
import { test } from "node:test";
import { describeInput } from "../../../static/js/explanations/panel.js";

/** @type {Parameters<typeof describeInput>[0]} */
const EXPLANATION = { epoch: 1000, weights_epoch: 1000, predicted_label: 1, shape: [28, 28] };
/** @type {Parameters<typeof describeInput>[1]} */
const IMAGE = { shape: [28, 28], classNames: ["cat", "dog"], item: { predicted_label: 1 } };

test("there is no note about an input and weights as expected", () => {
  assert.equal(describeInput(EXPLANATION, IMAGE), "");
});

test("a note reports a cropped input", () => {
  const note = "The network receives the center of the image, 20 × 20 pixels.";
  assert.equal(describeInput({ ...EXPLANATION, shape: [20, 20] }, IMAGE), note);
});

test("a note reports the weights of another epoch, and their prediction if it differs", () => {
  const note =
    "The weights of epoch 1,000 were not stored. This explanation uses the nearest stored weights, those of epoch 990.";
  assert.equal(describeInput({ ...EXPLANATION, weights_epoch: 990 }, IMAGE), note);
  const other = { ...EXPLANATION, weights_epoch: 990, predicted_label: 0 };
  assert.equal(describeInput(other, IMAGE), `${note} They predict cat.`);
});
