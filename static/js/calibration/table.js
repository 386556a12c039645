/** Tables of the values in the calibration plots. */
import { element } from "../core/dom.js";
import { count, percent } from "../core/format.js";

const THRESHOLD_STEP = 10; // difference between neighboring thresholds in the table, in hundredths

/**
 * Draw the tables of the reliability diagram and of the coverage.
 * @param {HTMLElement} parent
 * @param {import("../../../types/api.js").Calibration} calibration
 */
export function renderCalibrationTables(parent, { bins, thresholds }) {
  const shown = thresholds.filter((_, hundredth) => hundredth % THRESHOLD_STEP === 0);
  parent.replaceChildren(
    table(
      "Accuracy by confidence",
      ["Confidence", "Images", "Mean confidence", "Accuracy"],
      bins.map((bin) => [
        `${percent(bin.lower, 0)} to ${percent(bin.upper, 0)}`,
        count(bin.images),
        percent(bin.confidence),
        percent(bin.accuracy),
      ]),
    ),
    table(
      "Coverage and accuracy by threshold",
      ["Threshold", "Coverage", "Accuracy"],
      shown.map((at) => [at.threshold.toFixed(2), percent(at.coverage), percent(at.accuracy, 2)]),
    ),
  );
}

/**
 * @param {string} caption
 * @param {string[]} headings
 * @param {string[][]} rows
 */
function table(caption, headings, rows) {
  const head = headings.map((text, column) => element("th", { scope: "col", className: column ? "num" : "" }, text));
  const body = rows.map(([first, ...rest]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, first),
      ...rest.map((text) => element("td", { className: "num" }, text)),
    ),
  );
  return element(
    "table",
    { className: "table table-sm calibration-table" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
}
