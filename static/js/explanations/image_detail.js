/** The image that is open: pixels, prediction values, learning history, and explanation of the prediction. */
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { cost, count, probability } from "../core/format.js";
import { PixelStore } from "../images/pixel_store.js";
import { drawGray } from "../images/pixels.js";
import { HistoryStrip } from "./history_strip.js";
import { ExplanationPanel } from "./panel.js";

/**
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
 * @typedef {import("./panel.js").TabName} TabName
 *
 * @typedef {object} DetailOptions
 * @property {number} runId
 * @property {string} dataset
 * @property {string[]} classNames
 * @property {[number, number]} shape
 * @property {PixelStore} [store] pixels of the test images; a new store by default
 *
 * @typedef {object} DetailView
 * @property {number} epoch
 * @property {TabName} [tab]
 * @property {boolean} [hidden] true if guess mode hides the prediction
 */

const CLOSE_MARGIN = 0.1;
const HIGH_CONFIDENCE = 0.9;
const SUM_TOLERANCE = 0.02; // the sum of rounded softmax outputs differs from 1 by less than this

/**
 * Describe the prediction and its confidence.
 * @param {ListedImage} item
 * @param {string[]} classNames
 */
export function describePrediction(item, classNames) {
  const predicted = `${probability(item.confidence)} for ${classNames[item.predicted_label]}`;
  if (item.confidence === null) return "The outputs are not numbers: the run diverged.";
  const note = areIndependent(item.probabilities) ? " (sigmoid outputs, which need not sum to 100%)" : "";
  if (item.true_label === item.predicted_label) return `Correct: ${predicted}${note}.`;
  const truth = item.probabilities?.[item.true_label] ?? null;
  const both = `${predicted}, ${probability(truth)} for ${classNames[item.true_label]}${note}`;
  if (item.margin !== null && item.margin < CLOSE_MARGIN) return `A close call: ${both}.`;
  return item.confidence >= HIGH_CONFIDENCE ? `Confidently misclassified: ${both}.` : `Misclassified: ${both}.`;
}

/** Return true if the outputs do not sum to 1, as with sigmoid units. @param {number[] | null | undefined} outputs */
function areIndependent(outputs) {
  if (!outputs) return false;
  return Math.abs(outputs.reduce((sum, output) => sum + output, 0) - 1) > SUM_TOLERANCE;
}

export class ImageDetail {
  /**
   * @param {HTMLElement} panel filled by the macro `detail` of parts/explanations/detail.html
   * @param {DetailOptions} options
   */
  constructor(panel, { runId, dataset, classNames, shape, store }) {
    this.panel = panel;
    this.classNames = classNames;
    this.shape = shape;
    this.store = store ?? new PixelStore(dataset, "test", shape);
    /** @type {number | null} */
    this.index = null;
    /** Called with the selected tab. @type {(tab: TabName) => void} */
    this.onTab = () => {};
    /** Called with the selected epoch. @type {(epoch: number) => void} */
    this.onEpoch = () => {};
    this.canvas = element("canvas", { className: "pixelated" });
    this.canvas.setAttribute("role", "img");
    const inputFrame = element("span", { className: "detail-input-frame", ariaHidden: "true", hidden: true });
    inputFrame.dataset.part = "input-frame";
    partOf(panel, "image").replaceChildren(this.canvas, inputFrame);
    this.history = new HistoryStrip(panel, { runId, classNames, onEpoch: (epoch) => this.onEpoch(epoch) });
    this.explanation = new ExplanationPanel(panel, {
      runId,
      dataset,
      classNames,
      shape,
      onTab: (tab) => this.onTab(tab),
    });
  }

  /**
   * Show another image; its history and explanation follow when they arrive.
   * @param {ListedImage} item
   * @param {string} position description of its position in the list
   * @param {DetailView} view
   */
  update(item, position, { epoch, tab = "answer", hidden = false }) {
    if (this.index !== item.index) void this.#drawImage(item.index);
    this.#setHidden(hidden);
    setText(partOf(this.panel, "position"), position);
    setText(partOf(this.panel, "index"), count(item.index));
    setText(partOf(this.panel, "hidden-title"), `Test image ${count(item.index)}`);
    const name = hidden ? "" : `, a ${this.classNames[item.true_label]}`;
    setAttribute(this.canvas, "aria-label", `Test image ${item.index}${name}`);
    this.#showPrediction(hidden ? null : item);
    if (hidden) return;
    void this.history.update(item.index, epoch, item.history);
    void this.explanation.update(item, epoch, tab);
  }

  /** Hide or show all parts that reveal the prediction. @param {boolean} hidden */
  #setHidden(hidden) {
    for (const name of ["hidden-title", "hidden-note"]) partOf(this.panel, name).hidden = !hidden;
    for (const name of ["prediction", "verdict", "history", "metrics", "explanation"])
      partOf(this.panel, name).hidden = hidden;
  }

  /**
   * Show the classes and values of a prediction.
   * @param {ListedImage | null} item null clears them
   */
  #showPrediction(item) {
    const correct = item?.true_label === item?.predicted_label;
    /** @param {string} part @param {string} text */
    const setPart = (part, text) => setText(partOf(this.panel, part), text);
    setAttribute(this.panel, "data-outcome", item ? (correct ? "correct" : "incorrect") : null);
    setPart("true", item ? this.classNames[item.true_label] : "");
    setPart("predicted", item ? `${correct ? "✓" : "✗"} ${this.classNames[item.predicted_label]}` : "");
    setPart("verdict", item ? describePrediction(item, this.classNames) : "");
    setPart("confidence", probability(item?.confidence));
    setPart("loss", cost(item?.loss));
    setPart("margin", typeof item?.margin === "number" ? item.margin.toFixed(3) : "–");
    setPart("change", typeof item?.change === "number" ? item.change.toFixed(2) : "–");
    setAttribute(partOf(this.panel, "change-metric"), "title", explainChange(item));
  }

  /** Draw the pixels of an image. @param {number} index */
  async #drawImage(index) {
    this.index = index;
    if (!this.store.get(index)) {
      this.canvas.width = this.shape[1]; // the canvas is black until the image is loaded
      await this.store.load([index]).catch(() => {}); // without pixels, the canvas stays black
    }
    const pixels = this.store.get(index);
    if (pixels && this.index === index) drawGray(this.canvas, pixels, this.shape);
  }
}

/** Explain the value of the smallest change, or why there is no value. @param {ListedImage | null} item */
function explainChange(item) {
  if (!item) return null;
  if (item.true_label === item.predicted_label) return "None needed: the prediction is correct";
  if (typeof item.change !== "number") return "Sort the list by smallest change to compute it";
  return "Length of the smallest change of the pixels that corrects the prediction; 1 is one pixel from black to white";
}
