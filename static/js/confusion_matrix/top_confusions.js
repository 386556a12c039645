/**
 * Buttons for the most frequent confusions. A button selects the images of its confusion. A bar behind the button shows
 * the number of these images.
 */
import { element, setAttribute, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { topConfusions } from "./counts.js";

/**
 * @typedef {import("./matrix.js").ClassChoice} ClassChoice
 * @typedef {import("./counts.js").Confusion} Confusion
 */

const MAX_CONFUSIONS = 6;

export class TopConfusions {
  /**
   * @param {HTMLElement} list
   * @param {(choice: ClassChoice) => void} onSelect called with the new selection; selecting again clears it
   */
  constructor(list, onSelect) {
    this.rows = Array.from({ length: MAX_CONFUSIONS }, () => new Row(onSelect));
    list.replaceChildren(...this.rows.map((row) => row.line));
  }

  /** @param {{labels: string[], matrix: number[][], selected: ClassChoice}} options */
  update({ labels, matrix, selected }) {
    const confusions = topConfusions(matrix, MAX_CONFUSIONS);
    this.rows.forEach((row, position) => {
      row.line.hidden = position >= confusions.length;
      if (confusions[position]) {
        row.show(confusions[position], { labels, maximum: confusions[0].images, selected });
      }
    });
  }
}

class Row {
  /** @param {(choice: ClassChoice) => void} onSelect */
  constructor(onSelect) {
    /** @type {Confusion} */
    this.confusion = { true: 0, predicted: 0, images: 0 };
    this.truth = element("span", {});
    this.predicted = element("span", { className: "text-danger-emphasis" });
    this.images = element("span", { className: "confusion-count num" });
    this.bar = element("span", { className: "confusion-bar" });
    this.button = element(
      "button",
      { type: "button", className: "row-button confusion" },
      element("span", { className: "confusion-classes" }, this.truth, " → ", this.predicted),
      element("span", { className: "confusion-track" }, this.bar),
      this.images,
    );
    this.line = element("li", {}, this.button);
    this.button.addEventListener("click", () => {
      const isSelected = this.button.getAttribute("aria-pressed") === "true";
      const { true: truth, predicted } = this.confusion;
      onSelect(isSelected ? { true: null, predicted: null } : { true: truth, predicted });
    });
  }

  /**
   * @param {Confusion} confusion
   * @param {{labels: string[], maximum: number, selected: ClassChoice}} options
   */
  show(confusion, { labels, maximum, selected }) {
    const { true: truth, predicted, images } = confusion;
    this.confusion = confusion;
    setText(this.truth, labels[truth]);
    setText(this.predicted, labels[predicted]);
    setText(this.images, count(images));
    this.bar.style.setProperty("width", `${((100 * images) / maximum).toFixed(1)}%`);
    setAttribute(this.button, "aria-pressed", String(selected.true === truth && selected.predicted === predicted));
    const name = `true ${labels[truth]}, predicted ${labels[predicted]}: ${counted(images, "image")}`;
    setAttribute(this.button, "aria-label", name);
  }
}
