/** Whether each epoch read an image right: a strip to choose an epoch from, and in words how it was learned. */
import { api } from "../core/api.js";
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { isAborted } from "../core/request_cache.js";

/**
 * @typedef {import("../../../types/messages.js").ImageHistory} ImageHistory
 * @typedef {import("../../../types/messages.js").HistoryKind} HistoryKind
 */

const MOST_CELLS = 70; // each 4 pixels wide
const REMEMBERED = 200;

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
    /** @type {Map<number, ImageHistory>} */
    this.known = new Map();
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {ImageHistory | null} */
    this.history = null;
    this.epoch = 1;
    this.strip = partOf(panel, "history-strip");
    this.strip.addEventListener("click", (event) => this.#click(event));
    this.strip.addEventListener("keydown", (event) => this.#press(event));
    this.strip.addEventListener("pointermove", ({ clientX }) => {
      setAttribute(this.strip, "title", this.#words(this.#epochAt(clientX)));
    });
  }

  /**
   * @param {number} index
   * @param {number} epoch
   * @param {HistoryKind | undefined} kind
   */
  async update(index, epoch, kind) {
    this.epoch = epoch;
    this.kind = kind;
    const known = this.known.get(index);
    if (known && known.predicted.length >= epoch) {
      this.asking?.abort();
      this.#draw(known);
      return;
    }
    setAttribute(this.strip, "aria-busy", "true");
    try {
      const history = await this.#ask(index);
      if (this.epoch === epoch) this.#draw(history);
    } catch (error) {
      if (!isAborted(error)) partOf(this.panel, "history").hidden = true; // the strip is left out, nothing else
    }
  }

  /**
   * @param {number} index
   * @returns {Promise<ImageHistory>}
   */
  async #ask(index) {
    this.asking?.abort();
    this.asking = new AbortController();
    const history = await api.get(`/api/runs/${this.runId}/histories/${index}`, { signal: this.asking.signal });
    this.known.delete(index);
    this.known.set(index, history);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(oldest);
    }
    return history;
  }

  get epochs() {
    return this.history?.predicted.length ?? 1;
  }

  /** @param {ImageHistory} history */
  #draw(history) {
    this.history = history;
    const { strip } = this;
    const cells = Math.min(this.epochs, MOST_CELLS);
    if (strip.children.length !== cells) {
      strip.replaceChildren(...Array.from({ length: cells }, () => element("span", { className: "history-cell" })));
    }
    const shown = this.#cellOf(this.epoch);
    [...strip.children].forEach((cell, place) => {
      const part = this.#share(place);
      /** @type {HTMLElement} */ (cell).style.setProperty("--right-share", part.toFixed(3));
      setAttribute(cell, "data-shown", place === shown ? "true" : null);
    });
    setAttribute(strip, "aria-valuemin", "1");
    setAttribute(strip, "aria-valuemax", String(this.epochs));
    setAttribute(strip, "aria-valuenow", String(this.epoch));
    setAttribute(strip, "aria-valuetext", this.#words(this.epoch));
    setAttribute(strip, "aria-busy", "false");
    setText(partOf(this.panel, "history-end"), count(this.epochs));
    setText(partOf(this.panel, "history-words"), this.#story(history));
    partOf(this.panel, "history").hidden = false;
  }

  /** @param {number} epoch */
  #cellOf(epoch) {
    return Math.floor(((epoch - 1) * Math.min(this.epochs, MOST_CELLS)) / this.epochs);
  }

  /** How many of the epochs of a cell read it right, as a part of one. @param {number} place */
  #share(place) {
    const { predicted, true_label } = /** @type {ImageHistory} */ (this.history);
    const cells = Math.min(predicted.length, MOST_CELLS);
    const start = Math.ceil((place * predicted.length) / cells);
    const end = Math.ceil(((place + 1) * predicted.length) / cells);
    return predicted.slice(start, end).filter((label) => label === true_label).length / (end - start);
  }

  /** @param {number} epoch */
  #words(epoch) {
    const label = this.history?.predicted[epoch - 1];
    if (label === undefined) return `epoch ${epoch}`;
    const mark = label === this.history?.true_label ? "right" : "wrong";
    return `epoch ${epoch} of ${this.epochs}: ${this.classNames[label]}, ${mark}`;
  }

  /** @param {ImageHistory} history */
  #story({ predicted, true_label }) {
    const right = predicted.slice(0, this.epoch).map((label) => label === true_label);
    const changes = right.filter((now, place) => place > 0 && now !== right[place - 1]).length;
    const broken = right.lastIndexOf(false) + 1; // the last epoch that read it wrong
    const whole = broken === 0 ? "in every epoch" : `since epoch ${count(broken + 1)}`;
    /** @type {Record<HistoryKind, string>} */
    const stories = {
      early: `Learned early: right ${whole}.`,
      late: `Learned late: right ${whole}.`,
      forgotten: `Forgotten: right until epoch ${count(right.lastIndexOf(true) + 1)}.`,
      flickering: `Flickering: changed ${counted(changes, "time")}.`,
      never: `Never learned: wrong in ${["", "the first epoch", "both epochs"][right.length] ?? `all ${count(right.length)} epochs`}.`,
    };
    return this.kind ? stories[this.kind] : "";
  }

  /** @param {number} clientX */
  #epochAt(clientX) {
    const { left, width } = this.strip.getBoundingClientRect();
    const part = (clientX - left) / width;
    return Math.min(Math.max(Math.floor(part * this.epochs) + 1, 1), this.epochs);
  }

  /** @param {MouseEvent} event */
  #click({ clientX }) {
    if (this.history) this.onEpoch(this.#epochAt(clientX));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
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
