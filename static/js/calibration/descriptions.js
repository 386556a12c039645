/** Sentences that describe the calibration. */
import { count, percent } from "../core/format.js";

/**
 * Describe coverage and accuracy at a threshold.
 * @param {import("../../../types/api.js").CalibrationThreshold} values
 * @param {number} images number of test images
 */
export function describeThreshold({ threshold, coverage, accuracy }, images) {
  const covered = Math.round(coverage * images);
  if (covered === 0) return `At ${percent(threshold, 0)}, the confidence of no image reaches the threshold.`;
  return (
    `At ${percent(threshold, 0)}, the network classifies ${percent(coverage)} of the images (${count(covered)}), ` +
    `${percent(accuracy, 2)} of them correctly.`
  );
}

/**
 * Describe whether the network is over- or underconfident.
 * @param {import("../../../types/api.js").Calibration} calibration
 */
export function describeCalibration({ bins, images, expected_calibration_error: error }) {
  if (error === null) return "The outputs are not numbers.";
  const nonempty = bins.filter(({ confidence }) => confidence !== null);
  const excess =
    nonempty.reduce((sum, bin) => sum + bin.images * ((bin.confidence ?? 0) - (bin.accuracy ?? 0)), 0) / images;
  if (error < 0.01) return "Well calibrated: confidence matches accuracy.";
  if (excess > error / 2) return "Overconfident: confidence exceeds accuracy.";
  return excess < -error / 2
    ? "Underconfident: accuracy exceeds confidence."
    : "Miscalibrated: overconfident at some confidences, underconfident at others.";
}
