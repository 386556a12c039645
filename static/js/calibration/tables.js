/** Rows of the tables with the values in the calibration plots. */
import { count, percent } from "../core/format.js";

/** @typedef {{caption: string, headings: string[], rows: string[][]}} TextTable */

const THRESHOLD_STEP = 10; // difference between neighboring thresholds in the table, in hundredths

/**
 * Return the tables of the reliability diagram and of the coverage.
 * @param {import("../../../types/api.js").Calibration} calibration
 * @returns {TextTable[]}
 */
export function calibrationTables({ bins, thresholds }) {
  const shown = thresholds.filter((_, hundredth) => hundredth % THRESHOLD_STEP === 0);
  return [
    {
      caption: "Accuracy by confidence",
      headings: ["Confidence", "Images", "Mean confidence", "Accuracy"],
      rows: bins.map((bin) => [
        `${percent(bin.lower, 0)} to ${percent(bin.upper, 0)}`,
        count(bin.images),
        percent(bin.confidence),
        percent(bin.accuracy),
      ]),
    },
    {
      caption: "Coverage and accuracy by threshold",
      headings: ["Threshold", "Coverage", "Accuracy"],
      rows: shown.map((at) => [percent(at.threshold, 0), percent(at.coverage), percent(at.accuracy, 2)]),
    },
  ];
}
