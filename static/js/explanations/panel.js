/** Explanation of a prediction in tabs; each tab is drawn when it is first shown. */
import { ApiError, isAborted } from "../core/api.js";
import { partOf } from "../core/dom.js";
import { count } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { invalidate, RequestCache } from "../core/request_cache.js";
import { PixelStore } from "../images/pixel_store.js";
import { retryAlert } from "../ui/retry_alert.js";
import { Tabs } from "../ui/tabs.js";
import { describeLead } from "./gap_numbers.js";
import { LogitGapBars } from "./logit_gap.js";
import { outputRows } from "./output_bars.js";
import { PixelAttributionMap } from "./pixel_attribution.js";
import { ShiftMap } from "./shift_map.js";
import { TrainingExamplesView } from "./training_examples.js";
import { WhatIf } from "./what_if.js";

/**
 * @import {Explanation, ListedImage} from "../../../types/api.js"
 * @typedef {"answer" | "gap" | "pixels" | "change" | "examples"} TabName
 */

const REQUEST_DELAY = 80; // ms to wait before a request while another one runs

export class ExplanationPanel {
  /**
   * @param {HTMLElement} panel
   * @param {{
   *   runId: number,
   *   dataset: string,
   *   classNames: string[],
   *   shape: [number, number],
   *   onTab: (tab: TabName) => void,
   *   onSize: (index: number, epoch: number, size: number) => void,
   *   onCrop: (shape: [number, number] | null) => void,
   * }} options `onCrop`: called with the part of the image that the network receives; null for the whole image
   */
  constructor(panel, { runId, dataset, classNames, shape, onTab, onSize, onCrop }) {
    this.panel = panel;
    this.runId = runId;
    this.shape = shape;
    this.classNames = classNames;
    this.onCrop = onCrop;
    this.explanations = new RequestCache();
    this.examples = new RequestCache();
    /** @type {TabName} */
    this.tab = "answer";
    /** @type {ListedImage | null} */
    this.item = null;
    this.epoch = 0;
    /** Current explanation; null while it loads. @type {Explanation | null} */
    this.explanation = null;
    /** Explanation that each tab currently shows. @type {Map<TabName, Explanation>} */
    this.drawn = new Map();
    this.timer = 0;
    const part = (/** @type {string} */ name) => partOf(panel, name);
    this.chooseTab = (/** @type {string} */ name) => {
      this.#selectTab(/** @type {TabName} */ (name));
      onTab(this.tab);
    };
    this.root = part("explanation");
    this.download = part("download");
    this.status = part("explanation-status");
    this.lead = part("outputs-gap");
    this.tabs = new Tabs(part("tabs"), this.chooseTab);
    this.outputs = part("outputs");
    this.gap = new LogitGapBars({ root: part("gap"), proof: part("gap-proof"), classNames });
    this.attribution = new PixelAttributionMap(panel, classNames);
    this.shifts = new ShiftMap(panel, classNames, (down, right) => {
      this.chooseTab("change");
      this.whatIf.shift(down, right);
    });
    this.whatIf = new WhatIf(panel, { runId, classNames, onSize });
    this.trainingExamples = new TrainingExamplesView(panel, {
      dataset,
      classNames,
      store: new PixelStore(dataset, "train", shape),
    });
  }

  /**
   * Show the outputs immediately, and the explanation when it arrives.
   * @param {ListedImage} item
   * @param {number} epoch
   * @param {TabName} tab
   */
  async update(item, epoch, tab) {
    this.item = item;
    this.epoch = epoch;
    const cached = this.explanations.cached(this.address);
    if (this.explanation !== cached) this.explanation = cached ?? null;
    this.#drawOutputs();
    this.#selectTab(tab);
    if (cached) this.#showExplanation(cached);
    else await this.#load();
  }

  /** URL of the explanation without its query. */
  get #path() {
    return `/api/runs/${this.runId}/explanations/${this.item?.index}`;
  }

  /** URL of the explanation. */
  get address() {
    return `${this.#path}?epoch=${this.epoch}`;
  }

  /**
   * Request the explanation. Until the response arrives, the previous explanation stays visible and is marked as busy.
   */
  async #load() {
    const { address } = this;
    window.clearTimeout(this.timer);
    this.root.ariaBusy = "true";
    if (this.explanations.pending) {
      await new Promise((resolve) => {
        this.timer = window.setTimeout(resolve, REQUEST_DELAY);
      });
    }
    try {
      const explanation = await this.explanations.get(address);
      if (address === this.address) this.#showExplanation(explanation);
    } catch (error) {
      if (isAborted(error) || address !== this.address) return;
      if (!(error instanceof ApiError)) throw error;
      this.explanation = null;
      render(nothing, this.lead);
      this.#drawStatus(error);
    }
  }

  /** Draw the explanation. @param {Explanation} explanation */
  #showExplanation(explanation) {
    const { address } = this;
    this.explanation = explanation;
    // Do not cache an explanation that uses the weights of another epoch: a live run may store the weights of this
    // epoch later.
    if (explanation.weights_epoch !== explanation.epoch) invalidate((path) => path === address);
    this.#drawStatus(null);
    this.#drawOutputs();
    this.#drawTab();
  }

  /** Select a tab, and draw it. @param {TabName} tab */
  #selectTab(tab) {
    this.tab = tab;
    this.tabs.select(tab);
    this.#drawTab();
  }

  /** Draw the selected tab, unless it already shows the current explanation. */
  #drawTab() {
    const { explanation, tab } = this;
    if (!explanation || this.drawn.get(tab) === explanation) return;
    if (tab === "gap") this.gap.update(explanation);
    if (tab === "change") this.whatIf.update(explanation);
    if (tab === "examples") void this.#drawExamples(explanation);
    else this.drawn.set(tab, explanation);
    if (tab !== "pixels") return;
    this.attribution.update(explanation);
    this.shifts.update(explanation);
  }

  /** Request and draw the training images. @param {Explanation} explanation */
  async #drawExamples(explanation) {
    const address = `${this.#path}/examples?epoch=${this.epoch}`;
    this.#setSearching(true);
    try {
      const examples = await this.examples.get(address);
      if (this.explanation !== explanation) return;
      this.drawn.set("examples", explanation);
      this.#setSearching(false);
      await this.trainingExamples.update(examples, explanation);
    } catch (error) {
      if (isAborted(error) || this.explanation !== explanation) return;
      this.#setSearching(false);
      if (!(error instanceof ApiError)) throw error;
      partOf(this.panel, "examples-checkpoints").textContent = error.message;
    }
  }

  /** Show or hide the message that the server is searching for training images. @param {boolean} busy */
  #setSearching(busy) {
    partOf(this.panel, "examples").ariaBusy = String(busy);
    partOf(this.panel, "examples-busy").textContent = busy ? "Searching the training images…" : "";
  }

  /** Draw the outputs, and the sentence below them if the explanation is known. */
  #drawOutputs() {
    if (!this.item) return;
    const { probabilities, true_label: trueLabel, predicted_label: predictedLabel } = this.item;
    const { explanation, classNames } = this;
    const view = { probabilities, logits: explanation?.sums ?? null, trueLabel, predictedLabel };
    render(outputRows(classNames, view, { drawLogits: true }), this.outputs);
    if (!explanation) return;
    const names = {
      predicted: classNames[explanation.predicted_label],
      rival: classNames[explanation.rival_label],
    };
    render(
      html`<span>${describeLead(explanation, names)}</span>
        <button class="btn btn-link btn-sm" data-part="open-gap" type="button" @click=${() => this.chooseTab("gap")}>
          Which units contributed?
        </button>`,
      this.lead,
    );
  }

  /**
   * Show that the explanation is complete, with its notes, or why there is none. The outputs stay visible.
   * @param {ApiError | null} problem
   */
  #drawStatus(problem) {
    this.root.ariaBusy = "false";
    this.root.toggleAttribute("data-unexplained", problem !== null);
    if (this.explanation) this.onCrop(isCropped(this.explanation, this.shape) ? this.explanation.shape : null);
    const notes = this.explanation ? describeInput(this.explanation, this) : "";
    render(
      html`<p class="text-warning-emphasis small mt-2" data-part="explanation-note" role="status" ?hidden=${!notes}>${notes}</p>
        ${problem && html`<div class="mt-2" data-part="explanation-problem">${this.#drawProblem(problem)}</div>`}`,
      this.status,
    );
    render(
      problem
        ? nothing
        : html`<a class="d-inline-block py-1 small" data-part="explanation-download" href="${this.#path}.html?epoch=${this.epoch}" download
            >Download this explanation</a>`,
      this.download,
    );
  }

  /** Return the alert about a failed request. @param {ApiError} problem */
  #drawProblem({ status, message }) {
    if (status !== 409) return retryAlert(message, () => this.#load());
    return html`<div class="alert alert-warning" role="alert">
      <p class="mb-2">${message}</p>
      <a data-part="explanation-problem-next" href="/runs/${this.runId}">Open the run to train it again</a>
    </div>`;
  }
}

/**
 * Return true if the network receives only the center of the image.
 * @param {Pick<Explanation, "shape">} explanation
 * @param {[number, number]} shape shape of the image
 */
function isCropped(explanation, shape) {
  return explanation.shape[0] !== shape[0] || explanation.shape[1] !== shape[1];
}

/**
 * Describe a cropped input, and weights of another epoch.
 * @param {Pick<Explanation, "epoch" | "weights_epoch" | "predicted_label" | "shape">} explanation
 * @param {{shape: [number, number], classNames: string[], item: Pick<ListedImage, "predicted_label"> | null}} image
 */
export function describeInput(explanation, { shape, classNames, item }) {
  const { epoch, weights_epoch: weights, predicted_label: label, shape: input } = explanation;
  const notes = [];
  if (isCropped(explanation, shape))
    notes.push(`The network receives the center of the image, ${input[0]} × ${input[1]} pixels.`);
  if (weights !== epoch)
    notes.push(
      `The weights of epoch ${count(epoch)} were not stored. This explanation uses the nearest stored weights, ` +
        `those of epoch ${count(weights)}.`,
    );
  if (weights !== epoch && label !== item?.predicted_label) notes.push(`They predict ${classNames[label]}.`);
  return notes.join(" ");
}
