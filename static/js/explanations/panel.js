/** Why an image was read as it was: one tab at a time, filled as soon as the explanation is there. */
import { ApiError } from "../core/api.js";
import { partOf, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { forget, isAborted, RequestCache } from "../core/request_cache.js";
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
 * @typedef {import("../../../types/messages.js").Explanation} Explanation
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {"answer" | "gap" | "pixels" | "change" | "examples"} TabName
 */

const BREATH = 80; // ms between two questions while images are stepped through, so that few are asked in vain

export class ExplanationPanel {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, dataset: string, classNames: string[], shape: [number, number], onTab: (tab: TabName) => void}} options
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
    /** @type {Mistake | null} */
    this.item = null;
    this.epoch = 0;
    /** What the tabs are to show; null while it is under way. @type {Explanation | null} */
    this.explanation = null;
    /** What each tab shows. @type {Map<TabName, Explanation>} */
    this.drawn = new Map();
    this.timer = 0;
    const choose = (/** @type {string} */ name) => {
      this.#choose(/** @type {TabName} */ (name));
      onTab(this.tab);
    };
    this.tabs = new Tabs(this.#part("tabs"), choose);
    this.outputs = new OutputBars(this.#part("outputs"), classNames, { drawSums: true });
    this.gap = new LogitGapBars(panel, classNames);
    this.evidence = new PixelAttributionMap(panel, classNames);
    this.shifts = new ShiftMap(panel, classNames, (down, right) => {
      choose("change");
      this.studio.shift(down, right);
    });
    this.studio = new WhatIf(panel, { runId, classNames });
    this.near = new TrainingExamplesView(panel, {
      dataset,
      classNames,
      store: new PixelStore(dataset, "train", shape),
    });
    this.#part("answer-why").addEventListener("click", () => choose("gap"));
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /**
   * Show what is known at once, and the rest as it comes.
   * @param {Mistake} item
   * @param {number} epoch
   * @param {TabName} tab
   */
  async update(item, epoch, tab) {
    this.item = item;
    this.epoch = epoch;
    const known = this.explanations.known(this.address);
    if (this.explanation !== known) this.explanation = known ?? null;
    this.#drawOutputs();
    setAttribute(this.#part("why-download"), "href", `${this.#path}.html?epoch=${epoch}`);
    this.#choose(tab);
    if (known) this.#show(known);
    else await this.#ask();
  }

  get #path() {
    return `/api/runs/${this.runId}/explanations/${this.item?.index}`;
  }

  get address() {
    return `${this.#path}?epoch=${this.epoch}`;
  }

  /** Ask for the explanation; the last one stays, faded, until it is there. */
  async #ask() {
    const { address } = this;
    window.clearTimeout(this.timer);
    setAttribute(this.#part("why"), "aria-busy", "true");
    if (this.explanations.asking) {
      await new Promise((resolve) => {
        this.timer = window.setTimeout(resolve, BREATH);
      });
    }
    try {
      const explanation = await this.explanations.get(address);
      if (address === this.address) this.#show(explanation);
    } catch (error) {
      if (isAborted(error) || address !== this.address) return;
      if (!(error instanceof ApiError)) throw error;
      this.#complain(error);
    }
  }

  /** @param {Explanation} explanation */
  #show(explanation) {
    const { address } = this;
    this.explanation = explanation;
    // The weights of this epoch may yet be stored, if it is the latest of a run that goes on: ask anew the next time.
    if (explanation.weights_epoch !== explanation.epoch) forget((path) => path === address);
    setAttribute(this.#part("why"), "aria-busy", "false");
    setAttribute(this.#part("why"), "data-unexplained", null);
    setAttribute(this.#part("why"), "data-waiting", null);
    this.#part("why-problem").hidden = true;
    this.#part("why-download").hidden = false;
    this.#note(explanation);
    this.#drawOutputs();
    this.#draw();
  }

  /** @param {TabName} tab */
  #choose(tab) {
    this.tab = tab;
    this.tabs.select(tab);
    this.#draw();
  }

  /** Fill the tab that is seen, if it shows something else. */
  #draw() {
    const { explanation, tab } = this;
    if (!explanation || this.drawn.get(tab) === explanation) return;
    if (tab === "gap") this.gap.update(explanation);
    if (tab === "change") this.studio.update(explanation);
    if (tab === "examples") void this.#drawExamples(explanation);
    else this.drawn.set(tab, explanation);
    if (tab !== "pixels") return;
    this.evidence.update(explanation);
    this.shifts.update(explanation);
  }

  /** @param {Explanation} explanation */
  async #drawExamples(explanation) {
    const address = `${this.#path}/examples?epoch=${this.epoch}`;
    this.#lookThroughExamples(true);
    try {
      const examples = await this.examples.get(address);
      if (this.explanation !== explanation) return;
      this.drawn.set("examples", explanation);
      this.#lookThroughExamples(false);
      await this.near.update(examples, explanation);
    } catch (error) {
      if (isAborted(error) || this.explanation !== explanation) return;
      this.#lookThroughExamples(false);
      if (!(error instanceof ApiError)) throw error;
      setText(this.#part("near-checkpoints"), error.message);
    }
  }

  /** @param {boolean} busy */
  #lookThroughExamples(busy) {
    setAttribute(this.#part("near"), "aria-busy", String(busy));
    setText(this.#part("near-busy"), busy ? "Looking through the training images…" : "");
  }

  #drawOutputs() {
    if (!this.item) return;
    const { probabilities, true_label: trueLabel, predicted_label: predictedLabel } = this.item;
    const { explanation } = this;
    this.outputs.update({ probabilities, sums: explanation?.sums ?? null, trueLabel, predictedLabel });
    if (!explanation) return;
    const names = [explanation.predicted_label, explanation.rival_label].map((label) => this.classNames[label]);
    const { value } = explanation.gap;
    setText(this.#part("answer-gap"), `${names[0]} leads ${names[1]} by ${plain(value, digitsFor(value))} in z.`);
  }

  /** What of the image the network sees, and whose weights are explained. @param {Explanation} explanation */
  #note({ epoch, weights_epoch: weights, predicted_label: label, shape }) {
    const notes = [];
    const cropped = shape[0] !== this.shape[0] || shape[1] !== this.shape[1];
    this.#frameSeen(cropped ? shape : null);
    if (cropped) notes.push(`The network sees the middle of the image, ${shape[0]} × ${shape[1]} pixels.`);
    if (weights !== epoch)
      notes.push(
        `The weights of epoch ${count(epoch)} were not kept; this is explained with those of epoch ${count(weights)}, ` +
          "the nearest that were.",
      );
    if (weights !== epoch && label !== this.item?.predicted_label)
      notes.push(`With them it is read as ${this.classNames[label]}.`);
    this.#part("why-note").hidden = notes.length === 0;
    setText(this.#part("why-note"), notes.join(" "));
  }

  /** Draw around the part of the large picture that the network sees, its middle. @param {[number, number] | null} shape */
  #frameSeen(shape) {
    const frame = this.#part("seen");
    frame.hidden = !shape;
    if (!shape) return;
    frame.style.setProperty("height", `${(100 * shape[0]) / this.shape[0]}%`);
    frame.style.setProperty("width", `${(100 * shape[1]) / this.shape[1]}%`);
  }

  /** Tell why there is no explanation; the outputs stay. @param {ApiError} error */
  #complain(error) {
    this.explanation = null;
    setAttribute(this.#part("why"), "aria-busy", "false");
    setAttribute(this.#part("why"), "data-unexplained", "true");
    setAttribute(this.#part("why"), "data-waiting", null);
    this.#part("why-note").hidden = true;
    this.#part("why-download").hidden = true;
    setText(this.#part("why-problem-text"), error.message);
    const next = this.#part("why-problem-next");
    next.hidden = error.status !== 409;
    setText(next, "Open the run, to train it again");
    setAttribute(next, "href", `/runs/${this.runId}`);
    this.#part("why-problem").hidden = false;
  }
}
