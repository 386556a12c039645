/** Explanation of a prediction in tabs; each tab is drawn when it is first shown. */
import { ApiError, isAborted } from "../core/api.js";
import { partOf, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { invalidate, RequestCache } from "../core/request_cache.js";
import { digitsFor, plain } from "../core/signed_numbers.js";
import { PixelStore } from "../images/pixel_store.js";
import { Tabs } from "../ui/tabs.js";
import { LogitGapBars } from "./logit_gap.js";
import { OutputBars } from "./output_bars.js";
import { PixelAttributionMap } from "./pixel_attribution.js";
import { ShiftMap } from "./shift_map.js";
import { TrainingExamplesView } from "./training_examples.js";
import { WhatIf } from "./what_if.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
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
   * }} options
   */
  constructor(panel, { runId, dataset, classNames, shape, onTab }) {
    this.panel = panel;
    this.runId = runId;
    this.shape = shape;
    this.classNames = classNames;
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
    const chooseTab = (/** @type {string} */ name) => {
      this.#selectTab(/** @type {TabName} */ (name));
      onTab(this.tab);
    };
    this.tabs = new Tabs(this.#part("tabs"), chooseTab);
    this.outputs = new OutputBars(this.#part("outputs"), classNames, { drawLogits: true });
    this.gap = new LogitGapBars(panel, classNames);
    this.attribution = new PixelAttributionMap(panel, classNames);
    this.shifts = new ShiftMap(panel, classNames, (down, right) => {
      chooseTab("change");
      this.whatIf.shift(down, right);
    });
    this.whatIf = new WhatIf(panel, { runId, classNames });
    this.trainingExamples = new TrainingExamplesView(panel, {
      dataset,
      classNames,
      store: new PixelStore(dataset, "train", shape),
    });
    this.#part("open-gap").addEventListener("click", () => chooseTab("gap"));
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
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
    setAttribute(this.#part("explanation-download"), "href", `${this.#path}.html?epoch=${epoch}`);
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
    setAttribute(this.#part("explanation"), "aria-busy", "true");
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
      this.#showError(error);
    }
  }

  /** Draw the explanation. @param {Explanation} explanation */
  #showExplanation(explanation) {
    const { address } = this;
    this.explanation = explanation;
    // Do not cache an explanation that uses the weights of another epoch: a live run may store the weights of this
    // epoch later.
    if (explanation.weights_epoch !== explanation.epoch) invalidate((path) => path === address);
    setAttribute(this.#part("explanation"), "aria-busy", "false");
    setAttribute(this.#part("explanation"), "data-unexplained", null);
    setAttribute(this.#part("explanation"), "data-waiting", null);
    this.#part("explanation-problem").hidden = true;
    this.#part("explanation-download").hidden = false;
    this.#showNote(explanation);
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
      setText(this.#part("examples-checkpoints"), error.message);
    }
  }

  /** Show or hide the message that the server is searching for training images. @param {boolean} busy */
  #setSearching(busy) {
    setAttribute(this.#part("examples"), "aria-busy", String(busy));
    setText(this.#part("examples-busy"), busy ? "Searching the training images…" : "");
  }

  #drawOutputs() {
    if (!this.item) return;
    const { probabilities, true_label: trueLabel, predicted_label: predictedLabel } = this.item;
    const { explanation } = this;
    this.outputs.update({ probabilities, logits: explanation?.sums ?? null, trueLabel, predictedLabel });
    if (!explanation) return;
    const names = [explanation.predicted_label, explanation.rival_label].map((label) => this.classNames[label]);
    const { value } = explanation.gap;
    setText(this.#part("outputs-gap"), `${names[0]} leads ${names[1]} by ${plain(value, digitsFor(value))} in logits.`);
  }

  /** Show notes about a cropped input and about weights of another epoch. @param {Explanation} explanation */
  #showNote({ epoch, weights_epoch: weights, predicted_label: label, shape }) {
    const notes = [];
    const cropped = shape[0] !== this.shape[0] || shape[1] !== this.shape[1];
    this.#frameInput(cropped ? shape : null);
    if (cropped) notes.push(`The network receives the center of the image, ${shape[0]} × ${shape[1]} pixels.`);
    if (weights !== epoch)
      notes.push(
        `The weights of epoch ${count(epoch)} were not stored. This explanation uses the nearest stored weights, ` +
          `those of epoch ${count(weights)}.`,
      );
    if (weights !== epoch && label !== this.item?.predicted_label)
      notes.push(`They predict ${this.classNames[label]}.`);
    this.#part("explanation-note").hidden = notes.length === 0;
    setText(this.#part("explanation-note"), notes.join(" "));
  }

  /**
   * Draw a frame around the part of the image that the network receives: the center.
   * @param {[number, number] | null} shape null for the whole image
   */
  #frameInput(shape) {
    const frame = this.#part("input-frame");
    frame.hidden = !shape;
    if (!shape) return;
    frame.style.setProperty("height", `${(100 * shape[0]) / this.shape[0]}%`);
    frame.style.setProperty("width", `${(100 * shape[1]) / this.shape[1]}%`);
  }

  /** Show why there is no explanation, and keep the outputs. @param {ApiError} error */
  #showError(error) {
    this.explanation = null;
    setAttribute(this.#part("explanation"), "aria-busy", "false");
    setAttribute(this.#part("explanation"), "data-unexplained", "true");
    setAttribute(this.#part("explanation"), "data-waiting", null);
    this.#part("explanation-note").hidden = true;
    this.#part("explanation-download").hidden = true;
    setText(this.#part("explanation-problem-text"), error.message);
    const next = this.#part("explanation-problem-next");
    next.hidden = error.status !== 409;
    setText(next, "Open the run to train it again");
    setAttribute(next, "href", `/runs/${this.runId}`);
    this.#part("explanation-problem").hidden = false;
  }
}
