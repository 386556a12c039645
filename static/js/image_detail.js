/** One image large, its outputs as bars, and the figures behind the answer. */
import { element } from "./element.js";
import { cost, count, share } from "./format.js";
import { picture, pictureAddress } from "./tiles.js";
import { setAttribute, setText } from "./update.js";

/** @typedef {import("../../types/messages.js").Mistake} Mistake */

/**
 * In a few words, how the answer came about.
 * @param {Mistake} item
 * @param {string[]} classNames
 */
export function verdict(item, classNames) {
  const predicted = `${share(item.confidence)} for ${classNames[item.predicted_label]}`;
  if (item.confidence === null) return "The outputs are not numbers: the run diverged.";
  if (item.true_label === item.predicted_label) return `Right: ${predicted}.`;
  const truth = item.probabilities?.[item.true_label] ?? null;
  const both = `${predicted}, ${share(truth)} for ${classNames[item.true_label]}`;
  if (item.margin !== null && item.margin < 0.1) return `A close call: ${both}.`;
  return item.confidence >= 0.9 ? `Confidently wrong: ${both}.` : `Wrong: ${both}.`;
}

export class ImageDetail {
  /**
   * @param {HTMLElement} panel holds the parts with the `data-part` names used here
   * @param {{dataset: string, classNames: string[]}} options
   */
  constructor(panel, { dataset, classNames }) {
    this.panel = panel;
    this.dataset = dataset;
    this.classNames = classNames;
    /** @type {number | null} */
    this.index = null;
    this.outputs = classNames.map((name) => new OutputBar(name));
    this.part("outputs").replaceChildren(...this.outputs.map((bar) => bar.line));
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  part(name) {
    const found = this.panel.querySelector(`[data-part="${name}"]`);
    if (!(found instanceof HTMLElement)) throw new Error(`The detail has no part ${name}.`);
    return found;
  }

  /**
   * @param {Mistake} item
   * @param {string} place where it stands in the list, in words
   */
  update(item, place) {
    const right = item.true_label === item.predicted_label;
    const trueName = this.classNames[item.true_label];
    const predictedName = this.classNames[item.predicted_label];
    if (this.index !== item.index) {
      this.index = item.index;
      const image = picture(
        pictureAddress(this.dataset, "test", item.index),
        `Test image ${item.index}, a ${trueName}`,
      );
      this.part("image").replaceChildren(image);
    }
    setAttribute(this.panel, "data-answer", right ? "right" : "wrong");
    setText(this.part("true"), trueName);
    setText(this.part("predicted"), `${right ? "✓" : "✗"} ${predictedName}`);
    setText(this.part("verdict"), verdict(item, this.classNames));
    setText(this.part("place"), place);
    setText(this.part("confidence"), share(item.confidence));
    setText(this.part("loss"), cost(item.loss));
    setText(this.part("margin"), item.margin === null ? "–" : item.margin.toFixed(3));
    setText(this.part("index"), count(item.index));
    this.outputs.forEach((bar, label) => {
      bar.update(item.probabilities?.[label] ?? null, label === item.true_label, label === item.predicted_label);
    });
  }
}

class OutputBar {
  /** @param {string} name */
  constructor(name) {
    this.bar = element("span", { className: "output-bar" });
    this.value = element("span", { className: "output-value num" });
    this.mark = element("span", { className: "output-mark" });
    this.line = element(
      "li",
      { className: "output" },
      element("span", { className: "output-name" }, name),
      element("span", { className: "output-track", ariaHidden: "true" }, this.bar),
      this.value,
      this.mark,
    );
  }

  /**
   * @param {number | null} output
   * @param {boolean} isTrue
   * @param {boolean} isPredicted
   */
  update(output, isTrue, isPredicted) {
    const width = Math.min(1, Math.max(0, output ?? 0));
    this.bar.style.setProperty("width", `${(100 * width).toFixed(2)}%`);
    setText(this.value, share(output));
    setText(this.mark, isPredicted ? (isTrue ? "✓ predicted" : "✗ predicted") : isTrue ? "✓ true" : "");
    setAttribute(this.line, "data-role", isTrue ? "true" : isPredicted ? "predicted" : null);
  }
}
