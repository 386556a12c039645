/** Bars of the outputs and logits of all classes, with optional marks that show the outputs for the original image. */
import { element, setAttribute, setText } from "../core/dom.js";
import { probability } from "../core/format.js";
import { plain } from "../core/signed_numbers.js";
import { drawSignedBar } from "./contribution_bar.js";

/**
 * @typedef {object} OutputView
 * @property {readonly number[] | null} probabilities null if the outputs are not numbers
 * @property {readonly number[] | null} logits null if not loaded yet
 * @property {number} trueLabel
 * @property {number} predictedLabel
 * @property {readonly number[]} [before] outputs of the original image
 */

export class OutputBars {
  /**
   * @param {HTMLElement} list
   * @param {string[]} classNames
   * @param {{drawLogits?: boolean}} [options] `drawLogits`: true to draw bars for the logits too
   */
  constructor(list, classNames, { drawLogits = false } = {}) {
    this.bars = classNames.map((name) => new OutputBar(name, drawLogits));
    list.replaceChildren(...this.bars.map((bar) => bar.line));
  }

  /** Show the outputs of an image. @param {OutputView} view */
  update({ probabilities, logits, trueLabel, predictedLabel, before }) {
    const largest = Math.max(...(logits ?? []).map(Math.abs), 0);
    this.bars.forEach((bar, label) => {
      bar.show(probabilities?.[label] ?? null, logits?.[label] ?? null, before?.[label] ?? null);
      bar.drawLogit(logits?.[label] ?? 0, largest);
      bar.markRole(label === trueLabel, label === predictedLabel);
    });
  }
}

class OutputBar {
  /**
   * @param {string} name
   * @param {boolean} drawLogits
   */
  constructor(name, drawLogits) {
    this.bar = element("span", { className: "output-bar" });
    this.before = element("span", { className: "output-before", hidden: true });
    this.value = element("span", { className: "output-value num" });
    this.logit = element("span", { className: "output-logit num" });
    this.logitBar = element("span", { className: "sum-bar" });
    this.symbol = element("span");
    this.role = element("span", { className: "output-role" });
    this.line = element(
      "li",
      { className: "output" },
      element("span", { className: "output-name" }, name),
      element("span", { className: "output-track", ariaHidden: "true" }, this.bar, this.before),
      this.value,
      drawLogits && element("span", { className: "sum-track output-logit-track", ariaHidden: "true" }, this.logitBar),
      this.logit,
      element("span", { className: "output-mark" }, this.symbol, " ", this.role),
    );
  }

  /**
   * @param {number | null} output
   * @param {number | null} logit
   * @param {number | null} before
   */
  show(output, logit, before) {
    this.bar.style.setProperty("width", barWidth(output));
    this.before.hidden = before === null;
    this.before.style.setProperty("inset-inline-start", barWidth(before));
    setText(this.value, probability(output));
    setText(this.logit, logit === null ? "–" : plain(logit));
  }

  /**
   * Draw the logit as a signed bar.
   * @param {number} logit
   * @param {number} largest
   */
  drawLogit(logit, largest) {
    drawSignedBar(this.logitBar, logit, largest);
  }

  /**
   * Mark the true and the predicted class.
   * @param {boolean} isTrue
   * @param {boolean} isPredicted
   */
  markRole(isTrue, isPredicted) {
    setText(this.symbol, isTrue ? "✓" : isPredicted ? "✗" : "");
    setText(this.role, isPredicted ? "predicted" : isTrue ? "true" : "");
    setAttribute(this.line, "data-role", isTrue ? "true" : isPredicted ? "predicted" : null);
  }
}

/** Return the width of a bar as a CSS length. @param {number | null} output */
function barWidth(output) {
  return `${(100 * Math.min(1, Math.max(0, output ?? 0))).toFixed(2)}%`;
}
