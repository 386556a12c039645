/** Confusion matrix section: matrix, most frequent confusions, precision and recall. */

import { byId } from "../core/dom.js";
import { renderClassReport } from "./class_report.js";
import { renderConfusionMatrix } from "./matrix.js";
import { TopConfusions } from "./top_confusions.js";

/**
 * @typedef {import("./matrix.js").ClassChoice} ClassChoice
 * @typedef {import("../../../types/api.js").ConfusionMatrix} ConfusionMatrix
 *
 * @typedef {object} SectionView
 * @property {"counts" | "shares"} values
 * @property {ClassChoice} selected
 * @property {{true: number, predicted: number} | null} open true and predicted class of the open image
 */

export class ConfusionMatrixSection {
  /** @param {{onSelect: (choice: ClassChoice) => void, onValues: (values: "counts" | "shares") => void}} listener */
  constructor({ onSelect, onValues }) {
    this.onSelect = onSelect;
    this.top = new TopConfusions(byId("confusions"), onSelect);
    /** @type {ConfusionMatrix | null} */
    this.result = null;
    this.report = /** @type {HTMLDetailsElement} */ (byId("report-details"));
    this.report.addEventListener("toggle", () => this.#drawReport());
    this.inputs = /** @type {HTMLInputElement[]} */ ([...byId("matrix-values").querySelectorAll("input")]);
    for (const input of this.inputs) {
      input.addEventListener("change", () => onValues(input.value === "shares" ? "shares" : "counts"));
    }
  }

  /**
   * Show a confusion matrix.
   * @param {ConfusionMatrix} result
   * @param {SectionView} view
   */
  update(result, { values, selected, open }) {
    const { labels, matrix } = result;
    this.result = result;
    for (const input of this.inputs) input.checked = input.value === values;
    renderConfusionMatrix(byId("matrix"), { labels, matrix, values, selected, open, onSelect: this.onSelect });
    this.top.update({ labels, matrix, selected });
    byId("confusions-panel").hidden = matrix.every((row, i) => row.every((images, j) => i === j || images === 0));
    this.#drawReport();
  }

  #drawReport() {
    if (this.report.open && this.result) renderClassReport(byId("report"), this.result);
  }
}
