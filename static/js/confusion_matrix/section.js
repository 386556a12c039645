/** Confusion matrix section: matrix, most frequent confusions, precision and recall. */
import { byId } from "../core/dom.js";
import { render } from "../core/html.js";
import { containArrowKeys } from "../ui/arrow_keys.js";
import { radioButtons } from "../ui/choices.js";
import { renderClassReport } from "./class_report.js";
import { countTotals } from "./counts.js";
import { MatrixView } from "./matrix.js";
import { topConfusionItems } from "./top_confusions.js";

/**
 * @import {ConfusionMatrix} from "../../../types/api.js"
 * @import {ClassChoice, MatrixData, Values} from "./cells.js"
 *
 * @typedef {Required<Pick<MatrixData, "values" | "selected" | "open">>} SectionView
 */

/** @type {[Values, string][]} */
const VALUES = [
  ["counts", "Counts"],
  ["shares", "% of row"],
];

export class ConfusionMatrixSection {
  /** @param {{onSelect: (choice: ClassChoice) => void, onValues: (values: Values) => void}} listener */
  constructor({ onSelect, onValues }) {
    this.onSelect = onSelect;
    this.onValues = onValues;
    this.values = byId("matrix-values");
    this.matrix = new MatrixView(byId("matrix"));
    this.confusionsPanel = byId("confusions-panel");
    this.confusions = byId("confusions");
    this.reportDetails = /** @type {HTMLDetailsElement} */ (byId("report-details"));
    this.report = byId("report");
    /** @type {ConfusionMatrix | null} */
    this.result = null;
    this.reportDetails.addEventListener("toggle", () => this.#drawReport());
    containArrowKeys(this.values);
  }

  /** Show a confusion matrix. @param {ConfusionMatrix} result @param {SectionView} view */
  update(result, { values, selected, open }) {
    const { labels, matrix } = result;
    const { onSelect } = this;
    this.result = result;
    render(radioButtons("matrix", VALUES, values, this.onValues), this.values);
    this.matrix.update({ labels, matrix, values, selected, open, onSelect });
    render(topConfusionItems({ labels, matrix, selected, onSelect }), this.confusions);
    this.confusionsPanel.hidden = countTotals(matrix).misclassified === 0;
    this.#drawReport();
  }

  #drawReport() {
    if (this.reportDetails.open && this.result) renderClassReport(this.report, this.result);
  }
}
