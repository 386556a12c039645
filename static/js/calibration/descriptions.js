/** Text descriptions of the calibration. */
import { count, percent } from "../core/format.js";

/**
 * Describe coverage and accuracy at a threshold.
 * @param {import("../../../types/api.js").CalibrationThreshold} at
 * @param {number} images
 */
export function describeThreshold({ threshold, coverage, accuracy }, images) {
  const covered = Math.round(coverage * images);
  if (covered === 0) return `At ${percent(threshold, 0)}, the confidence of no image reaches the threshold.`;
  return (
    `At ${percent(threshold, 0)}, the network classifies ${percent(coverage)} of the images (${count(covered)}), ` +
    `${percent(accuracy, 2)} of them correctly.`
  );
}

/** Describe over- and underconfidence. @param {import("../../../types/api.js").Calibration} calibration */
export function describeCalibration({ bins, images, expected_calibration_error: gap }) {
  if (gap === null) return "The outputs are not numbers.";
  const known = bins.filter(({ confidence }) => confidence !== null);
  const excess =
    known.reduce((sum, bin) => sum + bin.images * ((bin.confidence ?? 0) - (bin.accuracy ?? 0)), 0) / images;
  if (gap < 0.01) return "Well calibrated: confidence matches accuracy.";
  if (excess > gap / 2) return "Overconfident: confidence exceeds accuracy.";
  return excess < -gap / 2
    ? "Underconfident: accuracy exceeds confidence."
    : "Miscalibrated: overconfident at some confidences, underconfident at others.";
}
