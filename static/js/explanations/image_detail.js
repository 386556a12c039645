/** The image that is open: pixels, prediction values, learning history, and explanation of the prediction. */

import { errorMessage } from "../core/api.js";
import { element, partOf } from "../core/dom.js";
import { cost, count, marginText, probability } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { sum } from "../core/numbers.js";
import { upperBound } from "../core/signed_numbers.js";
import { describeLabelError } from "../images/label_error.js";
import { drawGray } from "../images/pixels.js";
import { retryAlert } from "../ui/retry_alert.js";
import { HistoryStrip } from "./history_strip.js";
import { ExplanationPanel } from "./panel.js";

/**
 * @import {ListedImage} from "../../../types/api.js"
 * @import {TabName} from "./panel.js"
 *
 * @typedef {object} DetailOptions
 * @property {number} runId
 * @property {string} dataset
 * @property {string[]} classNames
 * @property {[number, number]} shape
 * @property {import("../images/pixel_store.js").PixelStore} store pixels of the test images
 *
 * @typedef {object} DetailListener
 * @property {(tab: TabName) => void} onTab called with the selected tab
 * @property {(epoch: number) => void} onEpoch called with the selected epoch
 * @property {(index: number, epoch: number, size: number) => void} onSize called with the size of the smallest change
 *
 * @typedef {object} DetailView
 * @property {number} epoch
 * @property {TabName} [tab]
 * @property {boolean} [hidden] true if guess mode hides the prediction
 */

const CLOSE_MARGIN = 0.1;
const HIGH_CONFIDENCE = 0.9;
const SUM_TOLERANCE = 0.02; // the sum of rounded softmax outputs differs from 1 by less than this

export class ImageDetail {
  /**
   * @param {HTMLElement} panel filled by the macro `detail` of parts/explanations/detail.html
   * @param {DetailOptions & DetailListener} options
   */
  constructor(panel, options) {
    const { classNames, shape, store } = options;
    this.classNames = classNames;
    this.shape = shape;
    this.store = store;
    /** @type {number | null} */
    this.index = null;
    /** Message of the failed request for the pixels. */
    this.problem = "";
    /** Part of the image that the network receives, its center; null for the whole image. @type {[number, number] | null} */
    this.cropped = null;
    const names = ["title", "position", "image", "facts", "hidden-note", "explanation"];
    this.roots = Object.fromEntries(names.map((name) => [name, partOf(panel, name)]));
    this.canvas = element("canvas", { className: "pixelated", role: "img" });
    this.history = new HistoryStrip(partOf(panel, "history"), options);
    const onCrop = (/** @type {[number, number] | null} */ cropped) => {
      this.cropped = cropped;
      this.#drawImage();
    };
    this.explanation = new ExplanationPanel(panel, { ...options, onCrop });
  }

  /**
   * Show another image; its history and explanation follow when they arrive.
   * @param {ListedImage} item
   * @param {string} position description of its position in the list
   * @param {DetailView} view
   */
  update(item, position, { epoch, tab = "answer", hidden = false }) {
    const { roots, classNames } = this;
    this.canvas.ariaLabel = `Test image ${item.index}${hidden ? "" : `, a ${classNames[item.true_label]}`}`;
    const loadedMeanwhile = this.problem !== "" && this.store.get(item.index) !== undefined;
    if (item.index !== this.index || loadedMeanwhile) void this.#showPixels(item.index);
    roots.position.textContent = position;
    roots["hidden-note"].hidden = !hidden;
    roots.explanation.hidden = hidden;
    const hiddenTitle = html`<span data-part="hidden-title">Test image ${count(item.index)}</span>`;
    render(hidden ? hiddenTitle : titleOf(item, classNames), roots.title);
    render(
      html`<p class="mb-0" data-part="verdict" aria-live="polite">${hidden ? "" : describePrediction(item, classNames)}</p>
        ${hidden ? nothing : labelErrorOf(item, classNames)} ${hidden ? nothing : metricsOf(item)}`,
      roots.facts,
    );
    if (hidden) return this.history.clear();
    void this.history.update(item.index, epoch, item.history);
    void this.explanation.update(item, epoch, tab);
  }

  /** Load the pixels of an image if necessary, and draw them. @param {number} index */
  async #showPixels(index) {
    this.index = index;
    this.problem = "";
    if (!this.store.get(index)) {
      [this.canvas.height, this.canvas.width] = this.shape; // the canvas is black until the image is loaded
      this.#drawImage();
      const problem = await this.store.load([index]).catch(errorMessage);
      if (index !== this.index) return;
      this.problem = problem ?? "";
    }
    const pixels = this.store.get(index);
    if (pixels) drawGray(this.canvas, pixels, this.shape);
    this.#drawImage();
  }

  #drawImage() {
    const { cropped, shape, problem } = this;
    const retry = () => this.#showPixels(/** @type {number} */ (this.index));
    const frame = cropped && `height: ${(100 * cropped[0]) / shape[0]}%; width: ${(100 * cropped[1]) / shape[1]}%`;
    render(
      html`<div class="position-relative">
          ${this.canvas}
          ${frame && html`<span class="detail-input-frame" aria-hidden="true" .style=${frame}></span>`}
        </div>
        ${problem ? html`<div class="mt-2">${retryAlert(problem, retry)}</div>` : nothing}`,
      this.roots.image,
    );
  }
}

/** Return the title: the true and the predicted class. @param {ListedImage} item @param {string[]} classNames */
function titleOf({ true_label, predicted_label }, classNames) {
  const correct = true_label === predicted_label;
  return html`<span data-part="prediction">
    <span class="detail-label">true</span> <span data-part="true">${classNames[true_label]}</span>
    <span class="text-body-secondary" aria-hidden="true">→</span> <span class="detail-label">predicted</span>
    <span class=${correct ? "text-success-emphasis" : "text-danger-emphasis"} data-part="predicted"
      >${correct ? "✓" : "✗"} ${classNames[predicted_label]}</span>
  </span>`;
}

/** Return the evidence against the label, if there is any. @param {ListedImage} item @param {string[]} classNames */
function labelErrorOf(item, classNames) {
  const text = describeLabelError(item, classNames);
  return text ? html`<p class="small mt-2 mb-0" data-part="label-error">${text}</p>` : nothing;
}

/** Return the values of the prediction. @param {ListedImage} item */
function metricsOf(item) {
  /** Name of the part, term, tooltip and value. @type {[string, string, string, string][]} */
  const rows = [
    ["confidence", "Confidence", "Output of the predicted class", probability(item.confidence)],
    ["loss", "Loss", "Loss of this image", cost(item.loss)],
    ["margin", "Margin", "Output of the predicted class minus output of the true class", marginText(item.margin, 3)],
    ["change", "Smallest change", explainChange(item), item.change === null ? "–" : `≤ ${upperBound(item.change)}`],
    ["index", "Index", "Position in the test set, counted from 0", count(item.index)],
  ];
  return html`<dl class="vstack gap-1 mt-3 mb-0" data-part="metrics">
    ${rows.map(
      ([
        part,
        name,
        title,
        value,
      ]) => html`<div class="d-flex justify-content-between align-items-baseline gap-2" title=${title}>
        <dt class="small fw-normal text-body-secondary">${name}</dt>
        <dd class="fw-semibold mb-0 num" data-part=${part}>${value}</dd>
      </div>`,
    )}
  </dl>`;
}

/** Describe the prediction and its confidence. @param {ListedImage} item @param {string[]} classNames */
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
  return Math.abs(sum(outputs) - 1) > SUM_TOLERANCE;
}

/**
 * Explain the value of the smallest change, or why there is no value.
 * @param {Pick<ListedImage, "true_label" | "predicted_label" | "change">} item
 */
export function explainChange(item) {
  if (item.true_label === item.predicted_label) return "None needed: the prediction is correct";
  if (item.change === null) return "Find it in the tab What if, or sort the list by smallest change";
  return "Upper bound of the size of the smallest change that corrects the prediction; 1 is one pixel from black to white";
}
