/** The outputs of all classes as bars, with the sums that they come from and, if wanted, what they were before. */
import { element, setAttribute, setText } from "../core/dom.js";
import { share } from "../core/format.js";
import { plain } from "../core/signed_numbers.js";
import { place } from "./contribution_bar.js";

/**
 * @typedef {object} OutputView
 * @property {readonly number[] | null} probabilities null: no number
 * @property {readonly number[] | null} sums null: not known yet
 * @property {number} trueLabel
 * @property {number} predictedLabel
 * @property {readonly number[]} [before] outputs to compare with
 */

export class OutputBars {
  /**
   * @param {HTMLElement} list
   * @param {string[]} classNames
   * @param {{drawSums?: boolean}} [options] whether the sums are bars too
   */
  constructor(list, classNames, { drawSums = false } = {}) {
    this.bars = classNames.map((name) => new OutputBar(name, drawSums));
    list.replaceChildren(...this.bars.map((bar) => bar.line));
  }

  /** @param {OutputView} view */
  update({ probabilities, sums, trueLabel, predictedLabel, before }) {
    const largest = Math.max(...(sums ?? []).map(Math.abs), 0);
    this.bars.forEach((bar, label) => {
      bar.show(probabilities?.[label] ?? null, sums?.[label] ?? null, before?.[label] ?? null);
      bar.draw(sums?.[label] ?? 0, largest);
      bar.mark(label === trueLabel, label === predictedLabel);
    });
  }
}

class OutputBar {
  /**
   * @param {string} name
   * @param {boolean} drawSums
   */
  constructor(name, drawSums) {
    this.bar = element("span", { className: "output-bar" });
    this.before = element("span", { className: "output-before", hidden: true });
    this.value = element("span", { className: "output-value num" });
    this.sum = element("span", { className: "output-sum num" });
    this.sumBar = element("span", { className: "sum-bar" });
    this.symbol = element("span");
    this.word = element("span", { className: "output-word" });
    this.line = element(
      "li",
      { className: "output" },
      element("span", { className: "output-name" }, name),
      element("span", { className: "output-track", ariaHidden: "true" }, this.bar, this.before),
      this.value,
      drawSums && element("span", { className: "sum-track output-sum-track", ariaHidden: "true" }, this.sumBar),
      this.sum,
      element("span", { className: "output-mark" }, this.symbol, " ", this.word),
    );
  }

  /**
   * @param {number | null} output
   * @param {number | null} sum
   * @param {number | null} before
   */
  show(output, sum, before) {
    this.bar.style.setProperty("width", width(output));
    this.before.hidden = before === null;
    this.before.style.setProperty("inset-inline-start", width(before));
    setText(this.value, share(output));
    setText(this.sum, sum === null ? "–" : plain(sum));
  }

  /**
   * The sum as a bar on one side of zero.
   * @param {number} sum
   * @param {number} largest
   */
  draw(sum, largest) {
    place(this.sumBar, sum, largest);
  }

  /**
   * @param {boolean} isTrue
   * @param {boolean} isPredicted
   */
  mark(isTrue, isPredicted) {
    setText(this.symbol, isTrue ? "✓" : isPredicted ? "✗" : "");
    setText(this.word, isPredicted ? "predicted" : isTrue ? "true" : "");
    setAttribute(this.line, "data-role", isTrue ? "true" : isPredicted ? "predicted" : null);
  }
}

/** @param {number | null} output */
function width(output) {
  return `${(100 * Math.min(1, Math.max(0, output ?? 0))).toFixed(2)}%`;
}
