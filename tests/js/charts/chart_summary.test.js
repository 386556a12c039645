import assert from "node:assert/strict";
import { test } from "node:test";
import { describeChart, describeEmpty } from "../../../static/js/charts/chart_summary.js";
import { cost, percent } from "../../../static/js/core/format.js";

/**
 * @param {string} name
 * @param {(number | null)[]} y
 */
const line = (name, y) => ({ key: name, name, color: "--train", number: 1, x: y.map((_, index) => index + 1), y });

/** @param {...ReturnType<typeof line>} series */
const costChart = (...series) => describeChart({ title: "Cost", kind: "cost", series, format: cost });

test("a line that skips epochs names the epochs, not the points", () => {
  const measured = { ...line("Hidden 1", [2, 1, 3, null]), x: [1, 20, 40, 60] };
  assert.equal(
    costChart(measured),
    "Cost over 60 epochs: Hidden 1 rose from 2.000 to 3.000, lowest 1.000 at epoch 20, not finite after epoch 40.",
  );
  const seconds = { ...measured, x: [0.1, 0.2, 0.3, 0.4] };
  const text = describeChart({ title: "Cost", kind: "cost", series: [seconds], xAxis: "seconds", format: cost });
  assert.match(text, /^Cost over 4 epochs: .* at epoch 2, not finite after epoch 3\.$/);
});

test("the summary names the first, the last and the lowest cost", () => {
  assert.equal(
    costChart(line("Train", [2, 1, 0.5]), line("Validation", [2, 1, 1.5])),
    "Cost over 3 epochs: Train fell from 2.000 to 0.5000; Validation fell from 2.000 to 1.500, lowest 1.000 at epoch 2.",
  );
});

test("the best accuracy is the highest", () => {
  const series = [line("Test", [0.5, 0.9, 0.8])];
  const format = (/** @type {number | null} */ value) => percent(value, 2);
  assert.equal(
    describeChart({ title: "Accuracy", kind: "accuracy", series, format }),
    "Accuracy over 3 epochs: Test rose from 50.00% to 80.00%, highest 90.00% at epoch 2.",
  );
});

test("one epoch has no course, and a constant line stays", () => {
  assert.equal(costChart(line("Train", [2])), "Cost over 1 epoch: Train 2.000.");
  assert.equal(costChart(line("Train", [2, 2])), "Cost over 2 epochs: Train stayed at 2.000.");
});

test("a cost that is not finite is reported", () => {
  assert.equal(
    costChart(line("Train", [2, 9, null])),
    "Cost over 3 epochs: Train rose from 2.000 to 9.000, not finite after epoch 2.",
  );
});

test("the summary of a smoothed line describes its values", () => {
  assert.equal(
    costChart({ ...line("Train", [2, 1.5]), ...{ unsmoothed: [2, 1] } }),
    "Cost over 2 epochs: Train fell from 2.000 to 1.000.",
  );
});

test("lines without values are left out", () => {
  assert.equal(costChart(), "No epochs yet.");
  assert.equal(costChart(line("Train", [])), "No epochs yet.");
  assert.equal(costChart(line("Train", [1]), line("Test", [null])), "Cost over 1 epoch: Train 1.000.");
});

test("an empty plot states why it is empty", () => {
  assert.equal(describeEmpty([], 0, false), "The first epoch draws the first point.");
  assert.equal(describeEmpty([], 2, false), "All lines are hidden.");
  assert.equal(describeEmpty([line("Train", [null, null])], 2, false), "There is no finite value.");
  assert.equal(describeEmpty([line("Train", [0, 0])], 2, true), "There is no positive value.");
  assert.equal(describeEmpty([line("Train", [0, 0])], 2, false), "");
});
