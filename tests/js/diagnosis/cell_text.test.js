import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellValue,
  describeFirstCost,
  describeMeasured,
  explainCell,
  joinNames,
  outlierMarks,
  shortNumber,
  summarizeLayers,
} from "../../../static/js/diagnosis/cell_text.js";
import { layersOf, QUANTITIES } from "../../../static/js/diagnosis/quantities.js";
import { TelemetrySeries } from "../../../static/js/diagnosis/telemetry_series.js";
import { telemetry } from "./telemetry.js";

/** @import {LayerTelemetry} from "../../../types/api.js" */

const [gradient, update, dead, saturated] = QUANTITIES;

/** Return the cell of the first layer of a network after epoch 3, measured after epoch 2.
 * @param {typeof gradient} quantity @param {Partial<LayerTelemetry>[]} measured @param {string} [activation] */
function cell(quantity, measured, activation = "sigmoid") {
  const hyperparameters = { hidden_sizes: measured.slice(1).map(() => 32), activation, loss: "softmax_cross_entropy" };
  const series = new TelemetrySeries(measured.length);
  series.add([telemetry(2, measured)]);
  return { quantity, layers: layersOf(hyperparameters, 10), index: 0, epoch: 2, series };
}

test("a vanishing gradient is compared with that of the output layer", () => {
  const vanishing = cell(gradient, [{ gradient_norm: 3.1e-6 }, { gradient_norm: 0.025 }]);
  assert.equal(
    explainCell(vanishing),
    "In epoch 2, the gradient of hidden layer 1 had a norm of 3.1e-6. Per parameter, it was 8,000 times smaller than that of the output layer: the layer hardly learns.",
  );
  assert.deepEqual(cellValue(vanishing), {
    text: "3.1e-6",
    side: "low",
    description: "epoch 2: 3.1e-6, too small",
  });
  assert.equal(summarizeLayers(vanishing), "After epoch 2: ▼ too small in Hidden 1.");
  assert.equal(outlierMarks(vanishing), "▼");
});

test("a gradient is explained as exploding, healthy, zero, or that of the output layer", () => {
  assert.match(explainCell(cell(gradient, [{ gradient_norm: 9 }, { gradient_norm: 0.1 }])), /90 times larger.*undo/);
  assert.match(explainCell(cell(gradient, [{ gradient_norm: 0.12 }, {}])), /about as large as .*healthy range/);
  assert.match(explainCell(cell(gradient, [{ gradient_norm: 0 }, {}])), /exactly 0: the layer did not learn/);
  assert.match(
    explainCell({ ...cell(gradient, [{}, {}]), index: 1 }),
    /of the output layer had a norm of 0\.10\. The gradients of the other/,
  );
  assert.match(explainCell(cell(gradient, [{}, { gradient_norm: 0 }])), /more than a billion times larger/);
});

test("the gradient of the only layer is not judged, because there is none to compare it with", () => {
  const only = cell(gradient, [{ gradient_norm: 3.8e12 }]);
  assert.equal(
    summarizeLayers(only),
    "After epoch 2: not judged, because the network has no other layer to compare with.",
  );
  assert.match(explainCell(only), /had a norm of 3\.8e12\. There is no other layer to compare it with\.$/);
  assert.equal(cellValue(only).description, "epoch 2: 3.8e12");
  assert.equal(outlierMarks(only), "");
  assert.equal(summarizeLayers(cell(gradient, [{ gradient_norm: null }])), "After epoch 2: ✗ not finite in Output.");
});

test("a gradient that is not finite is explained", () => {
  const broken = cell(gradient, [{ gradient_norm: null }, {}]);
  assert.match(explainCell(broken), /not finite: a number in the network had overflowed/);
  assert.deepEqual(cellValue(broken), { text: "not finite", side: "broken", description: "epoch 2: not finite" });
  assert.equal(summarizeLayers(broken), "After epoch 2: ✗ not finite in Hidden 1.");
});

test("an update ratio is explained as a change of the weights", () => {
  const text = (/** @type {number} */ update_ratio) => explainCell(cell(update, [{ update_ratio }, {}]));
  assert.match(
    text(3.1e-6),
    /changed the weights of hidden layer 1 by 0\.00031% of their norm: the layer hardly learns/,
  );
  assert.match(text(0.0123), /by 1\.2% of their norm, which is in the healthy range/);
  assert.match(text(2), /by 200% of their norm: the step was so long/);
  assert.match(text(0), /did not change the weights/);
});

test("dead units are counted", () => {
  const text = (/** @type {number} */ dead_fraction) => explainCell(cell(dead, [{ dead_fraction }, {}], "relu"));
  assert.match(text(24 / 32), /24 of 32 units of hidden layer 1 were dead: 0 for every.*no longer learn/);
  assert.match(text(1 / 32), /1 of 32 units of hidden layer 1 was dead.*healthy range/);
  assert.equal(
    summarizeLayers(cell(dead, [{ dead_fraction: 1 }, {}], "relu")),
    "After epoch 2: ▲ too many in Hidden 1.",
  );
  assert.match(text(0), /every unit of hidden layer 1 was active/);
});

test("saturated activations are a percentage", () => {
  const text = (/** @type {number} */ saturated_fraction) => explainCell(cell(saturated, [{ saturated_fraction }, {}]));
  assert.match(text(0.96), /96% of the activations of hidden layer 1 were saturated: their derivatives/);
  assert.match(text(0.003), /0\.3% .* so the gradient passes/);
  assert.match(text(0), /no activation of hidden layer 1 was saturated/);
});

test("a value of an earlier epoch is named as such", () => {
  const later = { ...cell(saturated, [{ saturated_fraction: 0.25 }, {}]), epoch: 3 };
  assert.match(
    explainCell(later),
    /^In epoch 2, 25% .* Epoch 3 was not measured, so the strip continues this value\.$/,
  );
  assert.equal(cellValue(later).description, "epoch 3: 25%, healthy, measured after epoch 2");
  const before = { ...later, epoch: 1 };
  assert.equal(explainCell(before), "There is no measurement of hidden layer 1 up to epoch 1.");
  assert.deepEqual(cellValue(before), { text: "–", side: null, description: "epoch 1: not measured" });
  assert.equal(summarizeLayers(before), "");
});

test("a summary of healthy layers names none", () => {
  assert.equal(summarizeLayers(cell(update, [{}, {}])), "After epoch 2: every layer is in the healthy range.");
  assert.equal(summarizeLayers(cell(update, [{}])), "After epoch 2: in the healthy range.");
  assert.equal(outlierMarks(cell(update, [{}, {}])), "");
  assert.equal(outlierMarks(cell(update, [{ update_ratio: 1e-9 }, { update_ratio: 9 }])), "▼▲");
});

test("names of neighboring layers are joined", () => {
  const names = (/** @type {number[]} */ ...numbers) => numbers.map((number) => `Hidden ${number}`);
  assert.equal(joinNames(names(2)), "Hidden 2");
  assert.equal(joinNames(names(1, 2)), "Hidden 1 and 2");
  assert.equal(joinNames(names(1, 2, 3)), "Hidden 1 to 3");
  assert.equal(joinNames([...names(1, 3, 4, 5), "Output"]), "Hidden 1, 3 to 5 and Output");
  assert.equal(joinNames(["Output"]), "Output");
});

test("the cost before the first step is compared with its expected level", () => {
  const text = (/** @type {number | null} */ cost, /** @type {number | null} */ expected, outputs = 10) =>
    describeFirstCost({ cost, expected }, outputs);
  assert.equal(text(2.3121, Math.log(10)), "Cost before the first step: 2.31; expected 2.30 = ln 10.");
  assert.equal(text(7, 10 * Math.LN2), "Cost before the first step: 7.00; expected 6.93 = 10 ln 2.");
  assert.equal(text(0.7, Math.LN2, 1), "Cost before the first step: 0.700; expected 0.693 = ln 2.");
  assert.equal(text(1.3, 1.25), "Cost before the first step: 1.30; expected 1.25.");
  assert.match(text(315, Math.log(10)), /315; expected 2\.30 = ln 10\. ▲ Too large/);
  assert.equal(text(null, 2), "Cost before the first step: not finite.");
  assert.equal(text(3, null), "Cost before the first step: 3.00.");
});

test("the page states how many epochs were measured, unless all were", () => {
  assert.equal(describeMeasured(30, 30), "");
  assert.match(describeMeasured(16, 30), /^Measured after 16 of 30 epochs/);
});

test("numbers have two digits", () => {
  const values = [3.14e-6, 9.99e-4, 0.0421, 0.5, 9.96, 12.4, 5310, 2.4e7, 0, NaN, Infinity];
  assert.deepEqual(values.map(shortNumber), [
    "3.1e-6",
    "0.0010",
    "0.042",
    "0.50",
    "10",
    "12",
    "5,300",
    "2.4e7",
    "0",
    "not finite",
    "not finite",
  ]);
});
