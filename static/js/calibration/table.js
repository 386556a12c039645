/** The figures of both drawings of confidence as a table, for those who do not see them. */
import { element } from "../core/dom.js";
import { count, percent } from "../core/format.js";

const SHOWN_EVERY = 10; // hundredths between two thresholds

/**
 * @param {HTMLElement} parent
 * @param {import("../../../types/messages.js").Calibration} calibration
 */
export function calibrationTable(parent, { bins, thresholds }) {
  const shown = thresholds.filter((_, place) => place % SHOWN_EVERY === 0);
  parent.replaceChildren(
    table(
      "How often it is right, by confidence",
      ["Confidence", "Images", "Mean", "Right"],
      bins.map((bin) => [
        `${percent(bin.lower, 0)} to ${percent(bin.upper, 0)}`,
        count(bin.images),
        percent(bin.confidence),
        percent(bin.accuracy),
      ]),
    ),
    table(
      "What is left above a threshold",
      ["Threshold", "Answered", "Right"],
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
