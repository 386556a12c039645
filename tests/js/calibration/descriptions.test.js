import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCalibration, describeThreshold } from "../../../static/js/calibration/descriptions.js";

/** @param {[images: number, confidence: number, accuracy: number][]} bins @param {number | null} error */
function calibration(bins, error) {
  return /** @type {import("../../../types/api.js").Calibration} */ (
    /** @type {unknown} */ ({
      epoch: 1,
      images: bins.reduce((sum, [images]) => sum + images, 0),
      expected_calibration_error: error,
      bins: bins.map(([images, confidence, accuracy]) => ({ lower: 0, upper: 1, images, confidence, accuracy })),
      thresholds: [],
    })
  );
}

test("coverage and accuracy at a threshold", () => {
  assert.equal(
    describeThreshold({ threshold: 0.9, coverage: 0.5, accuracy: 0.975 }, 3000),
    "At 90%, the network classifies 50.0% of the images (1,500), 97.50% of them correctly.",
  );
  assert.equal(
    describeThreshold({ threshold: 1, coverage: 0, accuracy: null }, 3000),
    "At 100%, the confidence of no image reaches the threshold.",
  );
});

test("over- and underconfidence", () => {
  assert.match(describeCalibration(calibration([[10, 0.9, 0.9]], 0.001)), /^Well calibrated/);
  assert.match(describeCalibration(calibration([[10, 0.9, 0.7]], 0.2)), /^Overconfident/);
  assert.match(describeCalibration(calibration([[10, 0.6, 0.8]], 0.2)), /^Underconfident/);
  const mixed = calibration(
    [
      [10, 0.9, 0.7],
      [10, 0.5, 0.7],
    ],
    0.2,
  );
  assert.match(describeCalibration(mixed), /^Miscalibrated/);
  assert.equal(describeCalibration(calibration([], null)), "The outputs are not numbers.");
});
