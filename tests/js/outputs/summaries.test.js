import assert from "node:assert/strict";
import { test } from "node:test";
import {
  summarizeBoundary,
  summarizeCurve,
  summarizeScatter,
  verdictOf,
} from "../../../static/js/outputs/summaries.js";

/** @param {(number | null)[]} outputs outputs for the examples (0, 0) of class 0 and (0, 1) of class 1 */
const boundary = (outputs) =>
  summarizeBoundary({
    epoch: 1,
    kind: "boundary",
    ...{ x: [], y: [], outputs: [], feature_names: ["x₁", "x₂"], target_names: [] },
    points: outputs.map((output, label) => ({
      inputs: [0, label],
      label,
      output,
      predicted: output !== null && output > 0.5 ? 1 : 0,
    })),
  });

/** @param {(number | null)[]} outputs outputs at 1 and 2, where the targets are 1 and 4 */
const curve = (outputs) =>
  summarizeCurve({
    epoch: 1,
    kind: "curve",
    ...{ x: [], outputs: [], feature_names: ["x"], target_names: ["y"] },
    points: outputs.map((output, index) => ({ x: index + 1, target: (index + 1) ** 2, output })),
  });

/** @param {(number | null)[]} predicted */
const scatter = (predicted) =>
  summarizeScatter({ epoch: 1, kind: "scatter", true: [1, 2], predicted, feature_names: [], target_names: ["y"] });

test("the rows of a boundary end with the prediction and ✓ or ✗", () => {
  const { allCorrect, summary, table } = boundary([0.2, 0.4]);
  assert.deepEqual([allCorrect, summary], [false, "1 of 2 predictions are correct"]);
  assert.deepEqual(table.rows, [
    ["0", "0", "0", "20.0%", "0 ✓"],
    ["0", "1", "1", "40.0%", "0 ✗"],
  ]);
  assert.equal(boundary([0.2, 0.9]).summary, "All 2 predictions are correct");
});

test("an output that is not finite is not correct", () => {
  const { allCorrect, summary, table } = boundary([null, null]);
  assert.deepEqual([allCorrect, summary], [false, "The outputs are not finite"]);
  assert.equal(table.rows[0].at(-1), "none ✗");
});

test("the rows of a curve end with the error", () => {
  const { summary, table } = curve([1.5, 4]);
  assert.equal(summary, "The largest error is 0.5");
  assert.deepEqual(table.rows[0], ["1", "1", "1.5", "0.5"]);
  assert.equal(curve([1.5, null]).summary, "The outputs are not finite");
  assert.deepEqual(curve([1.5, null]).table.rows[1], ["2", "4", "not a number", "not a number"]);
});

test("predictions of many targets are summarized by their root mean squared error", () => {
  assert.equal(scatter([2, 2]).summary, "The root mean squared error is 0.7071");
  assert.equal(scatter([2, null]).summary, "The predictions are not finite");
});

test("the verdict has a mark only for a classification", () => {
  assert.equal(verdictOf(boundary([0.2, 0.9])), "✓ All 2 predictions are correct.");
  assert.equal(verdictOf({ allCorrect: false, summary: "1 of 2" }), "✗ 1 of 2.");
  assert.equal(
    verdictOf({ allCorrect: null, summary: "The largest error is 3e-4" }),
    "The largest error is 3e\u20114.",
  );
});
