/** History strip: outcome of the prediction in each epoch, selection of an epoch, and description of the history. */
import { isAborted } from "../core/api.js";
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { invalidate, RequestCache } from "../core/request_cache.js";

/**
 * @typedef {import("../../../types/api.js").ImageHistory} ImageHistory
 * @typedef {import("../../../types/api.js").HistoryKind} HistoryKind
 */

const MAX_CELLS = 70; // each 4 pixels wide

export class HistoryStrip {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, classNames: string[], onEpoch: (epoch: number) => void}} options
   */
  constructor(panel, { runId, classNames, onEpoch }) {
    this.panel = panel;
    this.runId = runId;
    this.classNames = classNames;
    this.onEpoch = onEpoch;
    this.requests = new RequestCache();
    /** @type {ImageHistory | null} */
    this.history = null;
    this.epoch = 1;
    this.address = "";
    this.strip = partOf(panel, "history-strip");
    this.strip.addEventListener("click", (event) => this.#handleClick(event));
    this.strip.addEventListener("keydown", (event) => this.#handleKey(event));
    this.strip.addEventListener("pointermove", ({ clientX }) => {
      setAttribute(this.strip, "title", this.#describeEpoch(this.#epochAt(clientX)));
    });
  }

  /**
   * Show the history of an image, from the cache or the server.
   * @param {number} index
   * @param {number} epoch
   * @param {HistoryKind | undefined} kind
   */
  async update(index, epoch, kind) {
    this.epoch = epoch;
    this.kind = kind;
    this.address = `/api/runs/${this.runId}/histories/${index}`;
    const { address } = this;
    setAttribute(this.strip, "aria-busy", "true");
    try {
      const history = await this.#load(address, epoch);
      if (this.address === address && this.epoch === epoch) this.#draw(history);
    } catch (error) {
      // Hide only the history: the explanation does not need it.
      if (!isAborted(error)) partOf(this.panel, "history").hidden = true;
    }
  }

  /**
   * @param {string} address
   * @param {number} epoch
   * @returns {Promise<ImageHistory>}
   */
  async #load(address, epoch) {
    const history = await this.requests.get(address);
    if (history.predicted.length >= epoch) return history;
    invalidate((path) => path === address); // the cached history lacks the latest epochs
    return this.requests.get(address);
  }

  /** Number of epochs in the history. */
  get epochs() {
    return this.history?.predicted.length ?? 1;
  }

  /** @param {ImageHistory} history */
  #draw(history) {
    this.history = history;
    const { strip } = this;
    const cells = Math.min(this.epochs, MAX_CELLS);
    if (strip.children.length !== cells) {
      strip.replaceChildren(...Array.from({ length: cells }, () => element("span", { className: "history-cell" })));
    }
    const selected = this.#cellOf(this.epoch);
    [...strip.children].forEach((cell, position) => {
      const fraction = correctFraction(history, position, cells);
      /** @type {HTMLElement} */ (cell).style.setProperty("--correct-fraction", fraction.toFixed(3));
      setAttribute(cell, "data-selected", position === selected ? "true" : null);
    });
    this.#setSliderAttributes();
    setText(partOf(this.panel, "history-end"), count(this.epochs));
    setText(partOf(this.panel, "history-text"), this.kind ? describeHistory(history, this.epoch, this.kind) : "");
    partOf(this.panel, "history").hidden = false;
  }

  /** Give the strip the role of a slider. A slider needs values, so call this only when the values are known. */
  #setSliderAttributes() {
    const attributes = {
      "aria-valuemin": "1",
      "aria-valuemax": String(this.epochs),
      "aria-valuenow": String(this.epoch),
      "aria-valuetext": this.#describeEpoch(this.epoch),
      "aria-label": "Prediction in each epoch",
      "aria-busy": "false",
      role: "slider",
      tabindex: "0",
    };
    for (const [name, value] of Object.entries(attributes)) setAttribute(this.strip, name, value);
  }

  /** Return the position of an epoch's cell. @param {number} epoch */
  #cellOf(epoch) {
    return Math.floor(((epoch - 1) * Math.min(this.epochs, MAX_CELLS)) / this.epochs);
  }

  /** Describe the prediction in an epoch. @param {number} epoch */
  #describeEpoch(epoch) {
    const label = this.history?.predicted[epoch - 1];
    if (label === undefined) return `epoch ${epoch}`;
    const outcome = label === this.history?.true_label ? "correct" : "misclassified";
    return `epoch ${epoch} of ${this.epochs}: ${this.classNames[label]}, ${outcome}`;
  }

  /** Return the epoch below the pointer. @param {number} clientX */
  #epochAt(clientX) {
    const { left, width } = this.strip.getBoundingClientRect();
    const fraction = (clientX - left) / width;
    return Math.min(Math.max(Math.floor(fraction * this.epochs) + 1, 1), this.epochs);
  }

  /** @param {MouseEvent} event */
  #handleClick({ clientX }) {
    if (this.history) this.onEpoch(this.#epochAt(clientX));
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    /** @type {Record<string, number>} */
    const epochs = {
      ArrowLeft: this.epoch - 1,
      ArrowDown: this.epoch - 1,
      ArrowRight: this.epoch + 1,
      ArrowUp: this.epoch + 1,
      Home: 1,
      End: this.epochs,
    };
    const epoch = epochs[event.key];
    if (epoch === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (this.history && epoch >= 1 && epoch <= this.epochs) this.onEpoch(epoch);
  }
}

/**
 * Return the fraction of correct predictions in the epochs that a cell represents.
 * @param {Pick<ImageHistory, "predicted" | "true_label">} history
 * @param {number} cell
 * @param {number} cells number of cells in the strip
 */
export function correctFraction({ predicted, true_label }, cell, cells) {
  const start = Math.ceil((cell * predicted.length) / cells);
  const end = Math.ceil(((cell + 1) * predicted.length) / cells);
  return predicted.slice(start, end).filter((label) => label === true_label).length / (end - start);
}

/**
 * Describe the learning history of an image up to an epoch.
 * @param {Pick<ImageHistory, "predicted" | "true_label">} history
 * @param {number} epoch
 * @param {HistoryKind} kind
 */
export function describeHistory({ predicted, true_label }, epoch, kind) {
  const correct = predicted.slice(0, epoch).map((label) => label === true_label);
  const changes = correct.filter((isCorrect, index) => index > 0 && isCorrect !== correct[index - 1]).length;
  const lastMisclassified = correct.lastIndexOf(false) + 1;
  const period = lastMisclassified === 0 ? "in every epoch" : `since epoch ${count(lastMisclassified + 1)}`;
  const epochs = ["", "the first epoch", "both epochs"][correct.length] ?? `all ${count(correct.length)} epochs`;
  return {
    early: `Learned early: correct ${period}.`,
    late: `Learned late: correct ${period}.`,
    forgotten: `Forgotten: correct until epoch ${count(correct.lastIndexOf(true) + 1)}.`,
    flickering: `Flickering: changed ${counted(changes, "time")}.`,
    never: `Never learned: misclassified in ${epochs}.`,
  }[kind];
}
