/** Which classes are taken for which: the matrix, the most frequent mistakes, precision and recall. */

import { byId } from "../core/dom.js";
import { renderClassReport } from "./class_report.js";
import { renderConfusionMatrix } from "./matrix.js";
import { TopConfusions } from "./top_confusions.js";

/**
 * @typedef {import("./matrix.js").ClassChoice} ClassChoice
 * @typedef {import("../../../types/messages.js").ConfusionMatrix} ConfusionMatrix
 *
 * @typedef {object} MatrixView
 * @property {"counts" | "shares"} figures
 * @property {ClassChoice} selected
 * @property {{true: number, predicted: number} | null} open the cell of the image that is shown large
 */

export class ConfusionMatrixSection {
  /** @param {{onSelect: (choice: ClassChoice) => void, onFigures: (figures: "counts" | "shares") => void}} listener */
  constructor({ onSelect, onFigures }) {
    this.onSelect = onSelect;
    this.top = new TopConfusions(byId("confusions"), onSelect);
    /** @type {ConfusionMatrix | null} */
    this.answer = null;
    this.report = /** @type {HTMLDetailsElement} */ (byId("report-details"));
    this.report.addEventListener("toggle", () => this.#drawReport());
    this.choices = /** @type {HTMLInputElement[]} */ ([...byId("matrix-figures").querySelectorAll("input")]);
    for (const choice of this.choices) {
      choice.addEventListener("change", () => onFigures(choice.value === "shares" ? "shares" : "counts"));
    }
  }

  /**
   * @param {ConfusionMatrix} answer
   * @param {MatrixView} view
   */
  update(answer, { figures, selected, open }) {
    const { labels, matrix } = answer;
    this.answer = answer;
    for (const choice of this.choices) choice.checked = choice.value === figures;
    renderConfusionMatrix(byId("matrix"), { labels, matrix, figures, selected, open, onSelect: this.onSelect });
    this.top.update({ labels, matrix, selected });
    byId("confusions-panel").hidden = matrix.every((row, i) => row.every((images, j) => i === j || images === 0));
    this.#drawReport();
  }

  #drawReport() {
    if (this.report.open && this.answer) renderClassReport(byId("report"), this.answer);
  }
}
