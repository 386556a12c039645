/** One image large, the figures behind its answer, how it was learned, and why it was read as it was. */
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { cost, count, share } from "../core/format.js";
import { PixelStore } from "../images/pixel_store.js";
import { drawGrey } from "../images/pixels.js";
import { HistoryStrip } from "./history_strip.js";
import { ExplanationPanel } from "./panel.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("./panel.js").TabName} TabName
 *
 * @typedef {object} DetailOptions
 * @property {number} runId
 * @property {string} dataset
 * @property {string[]} classNames
 * @property {[number, number]} shape
 * @property {PixelStore} [store] of the test images, if the page has one
 *
 * @typedef {object} DetailView
 * @property {number} epoch
 * @property {TabName} [tab]
 * @property {boolean} [hidden] whether nothing may give the answer away
 */

const CLOSE = 0.1; // margin
const SURE = 0.9; // confidence
const ROUNDING = 0.02; // of the sum of all outputs

/**
 * In a few words, how the answer came about.
 * @param {Mistake} item
 * @param {string[]} classNames
 */
export function verdict(item, classNames) {
  const predicted = `${share(item.confidence)} for ${classNames[item.predicted_label]}`;
  if (item.confidence === null) return "The outputs are not numbers: the run diverged.";
  const separate = isSeparate(item.probabilities) ? " (separate outputs, they need not sum to 100%)" : "";
  if (item.true_label === item.predicted_label) return `Right: ${predicted}${separate}.`;
  const truth = item.probabilities?.[item.true_label] ?? null;
  const both = `${predicted}, ${share(truth)} for ${classNames[item.true_label]}${separate}`;
  if (item.margin !== null && item.margin < CLOSE) return `A close call: ${both}.`;
  return item.confidence >= SURE ? `Confidently wrong: ${both}.` : `Wrong: ${both}.`;
}

/** Whether each output is a yes or no of its own, as with sigmoid units. @param {number[] | null | undefined} outputs */
function isSeparate(outputs) {
  if (!outputs) return false;
  return Math.abs(outputs.reduce((sum, output) => sum + output, 0) - 1) > ROUNDING;
}

export class ImageDetail {
  /**
   * @param {HTMLElement} panel filled by the macro `detail` of explanation.html
   * @param {DetailOptions} options
   */
  constructor(panel, { runId, dataset, classNames, shape, store }) {
    this.panel = panel;
    this.classNames = classNames;
    this.shape = shape;
    this.store = store ?? new PixelStore(dataset, "test", shape);
    /** @type {number | null} */
    this.index = null;
    /** Told of the tab that a person chose. @type {(tab: TabName) => void} */
    this.onTab = () => {};
    /** Told of the epoch that a person chose. @type {(epoch: number) => void} */
    this.onEpoch = () => {};
    this.canvas = element("canvas", { className: "pixelated" });
    this.canvas.setAttribute("role", "img");
    const seen = element("span", { className: "detail-seen", ariaHidden: "true", hidden: true });
    seen.dataset.part = "seen";
    partOf(panel, "image").replaceChildren(this.canvas, seen);
    this.history = new HistoryStrip(panel, { runId, classNames, onEpoch: (epoch) => this.onEpoch(epoch) });
    this.why = new ExplanationPanel(panel, { runId, dataset, classNames, shape, onTab: (tab) => this.onTab(tab) });
  }

  /**
   * Show one image. What has to be asked for comes by itself, for the image that is shown by then.
   * @param {Mistake} item
   * @param {string} place where it stands in the list, in words
   * @param {DetailView} view
   */
  update(item, place, { epoch, tab = "answer", hidden = false }) {
    if (this.index !== item.index) void this.#picture(item.index);
    this.#hide(hidden);
    setText(partOf(this.panel, "place"), place);
    setText(partOf(this.panel, "index"), count(item.index));
    setText(partOf(this.panel, "question"), `Test image ${count(item.index)}`);
    const name = hidden ? "" : `, a ${this.classNames[item.true_label]}`;
    setAttribute(this.canvas, "aria-label", `Test image ${item.index}${name}`);
    this.#answer(hidden ? null : item);
    if (hidden) return;
    void this.history.update(item.index, epoch, item.history);
    void this.why.update(item, epoch, tab);
  }

  /** @param {boolean} hidden */
  #hide(hidden) {
    for (const name of ["question", "secret"]) partOf(this.panel, name).hidden = !hidden;
    for (const name of ["reading", "verdict", "history", "figures", "why"]) partOf(this.panel, name).hidden = hidden;
  }

  /** The label and the figures; none at all while they are hidden. @param {Mistake | null} item */
  #answer(item) {
    const right = item?.true_label === item?.predicted_label;
    /** @param {string} part @param {string} text */
    const say = (part, text) => setText(partOf(this.panel, part), text);
    setAttribute(this.panel, "data-answer", item ? (right ? "right" : "wrong") : null);
    say("true", item ? this.classNames[item.true_label] : "");
    say("predicted", item ? `${right ? "✓" : "✗"} ${this.classNames[item.predicted_label]}` : "");
    say("verdict", item ? verdict(item, this.classNames) : "");
    say("confidence", share(item?.confidence));
    say("loss", cost(item?.loss));
    say("margin", typeof item?.margin === "number" ? item.margin.toFixed(3) : "–");
    say("change", typeof item?.change === "number" ? item.change.toFixed(2) : "–");
    setAttribute(partOf(this.panel, "change-figure"), "title", changeMeaning(item));
  }

  /** @param {number} index */
  async #picture(index) {
    this.index = index;
    if (!this.store.get(index)) {
      this.canvas.width = this.shape[1]; // black until it is there
      await this.store.load([index]).catch(() => {}); // the page tells what is wrong with the data set
    }
    const pixels = this.store.get(index);
    if (pixels && this.index === index) drawGrey(this.canvas, pixels, this.shape);
  }
}

/** What the figure tells, or how to have it worked out. @param {Mistake | null} item */
function changeMeaning(item) {
  if (!item) return null;
  if (item.true_label === item.predicted_label) return "None is needed: the answer is right";
  if (typeof item.change !== "number") return "Sort by it to have it worked out";
  return "Of the pixels, to get the true class; 1 is one pixel from black to white";
}
