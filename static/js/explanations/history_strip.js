/** History strip: outcome of the prediction in each epoch, selection of an epoch, and description of the history. */

import { ApiError, isAborted } from "../core/api.js";
import { count, counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { clamp } from "../core/numbers.js";
import { invalidate, RequestCache } from "../core/request_cache.js";
import { nextPosition } from "../ui/arrow_keys.js";
import { retryAlert } from "../ui/retry_alert.js";

/** @import {HistoryKind, ImageHistory} from "../../../types/api.js" */

const MAX_CELLS = 70; // each 4 pixels wide
const KEYS = { back: ["ArrowLeft", "ArrowDown"], forward: ["ArrowRight", "ArrowUp"] };
/** Strip before the first history is loaded. A slider needs values, so this is none. */
const WAITING = html`<div class="history-strip" data-part="history-strip" aria-busy="true"></div>`;

export class HistoryStrip {
  /**
   * @param {HTMLElement} root
   * @param {{runId: number, classNames: string[], onEpoch: (epoch: number) => void}} options
   */
  constructor(root, { runId, classNames, onEpoch }) {
    this.root = root;
    this.runId = runId;
    this.classNames = classNames;
    this.onEpoch = onEpoch;
    this.requests = new RequestCache();
    /** History on display, possibly of the previous image. @type {ImageHistory | null} */
    this.history = null;
    /** @type {HistoryKind | undefined} */
    this.kind = undefined;
    this.epoch = 1;
    /** URL of the history, empty if none is shown. */
    this.address = "";
  }

  /**
   * Show the history of an image, from the cache or the server.
   * @param {number} index
   * @param {number} epoch
   * @param {HistoryKind | undefined} kind
   */
  async update(index, epoch, kind) {
    const address = `/api/runs/${this.runId}/histories/${index}`;
    Object.assign(this, { address, epoch });
    const isCurrent = () => this.address === address && this.epoch === epoch;
    this.#draw(true);
    try {
      const history = await this.#load(address, epoch);
      if (!isCurrent()) return;
      Object.assign(this, { history, kind });
      this.#draw(false);
    } catch (error) {
      if (isAborted(error) || !isCurrent()) return;
      if (!(error instanceof ApiError)) throw error;
      this.history = null;
      render(
        retryAlert(error.message, () => this.update(index, epoch, kind)),
        this.root,
      );
    }
  }

  /** Show no history. */
  clear() {
    this.address = "";
    this.history = null;
    render(nothing, this.root);
  }

  /** @param {string} address @param {number} epoch @returns {Promise<ImageHistory>} */
  async #load(address, epoch) {
    const history = await this.requests.get(address);
    if (history.predicted.length >= epoch) return history;
    invalidate((path) => path === address); // the cached history lacks the latest epochs
    return this.requests.get(address);
  }

  /** @param {boolean} busy true while the history of another image or epoch loads */
  #draw(busy) {
    const { history, epoch, kind } = this;
    render(
      html`<div class="history">
          ${history ? this.#drawSlider(history, busy) : WAITING}
          <div class="vstack justify-content-evenly small lh-1" aria-hidden="true">
            <span class="text-success-emphasis">✓</span><span class="text-danger-emphasis">✗</span>
          </div>
          <div class="d-flex justify-content-between small text-body-secondary num" aria-hidden="true">
            <span>1</span><span>epoch</span><span>${history && count(history.predicted.length)}</span>
          </div>
        </div>
        <p class="history-text small mb-0" data-part="history-text">
          ${history && kind && describeHistory(history, epoch, kind)}
        </p>`,
      this.root,
    );
  }

  /** @param {ImageHistory} history @param {boolean} busy */
  #drawSlider(history, busy) {
    const epochs = history.predicted.length;
    const cells = Math.min(epochs, MAX_CELLS);
    const selected = Math.floor(((this.epoch - 1) * cells) / epochs);
    const describe = (/** @type {number} */ epoch) => describeEpoch(history, epoch, this.classNames);
    const showTitle = (/** @type {PointerEvent & {currentTarget: HTMLElement}} */ event) => {
      event.currentTarget.title = describe(epochAt(event, epochs));
    };
    const fractions = Array.from({ length: cells }, (_, cell) => correctFraction(history, cell, cells).toFixed(3));
    const cellTemplate = (/** @type {string} */ fraction, /** @type {number} */ cell) =>
      html`<span class="history-cell" data-selected=${cell === selected || nothing}
        .style=${`--correct-fraction: ${fraction}`}></span>`;
    return html`<div class="history-strip" data-part="history-strip" role="slider" tabindex="0"
      aria-label="Prediction in each epoch" aria-busy=${busy} aria-valuemin="1" aria-valuemax=${epochs}
      aria-valuenow=${this.epoch} aria-valuetext=${describe(this.epoch)}
      @click=${(/** @type {MouseEvent} */ event) => this.onEpoch(epochAt(event, epochs))}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#handleKey(event, epochs)}
      @pointermove=${showTitle}>${fractions.map(cellTemplate)}</div>`;
  }

  /** @param {KeyboardEvent} event @param {number} epochs number of epochs in the strip */
  #handleKey(event, epochs) {
    const next = nextPosition(event, this.epoch - 1, epochs - 1, KEYS);
    if (next === null) return;
    event.preventDefault();
    if (next + 1 !== this.epoch) this.onEpoch(next + 1);
  }
}

/**
 * Describe the prediction in an epoch.
 * @param {Pick<ImageHistory, "predicted" | "true_label">} history
 * @param {number} epoch
 * @param {string[]} classNames
 */
export function describeEpoch({ predicted, true_label }, epoch, classNames) {
  const label = predicted[epoch - 1];
  if (label === undefined) return `epoch ${count(epoch)}`;
  const outcome = label === true_label ? "correct" : "misclassified";
  return `epoch ${count(epoch)} of ${count(predicted.length)}: ${classNames[label]}, ${outcome}`;
}

/**
 * Return the epoch below the pointer.
 * @param {MouseEvent} event
 * @param {number} epochs number of epochs in the strip
 */
function epochAt({ clientX, currentTarget }, epochs) {
  const { left, width } = /** @type {HTMLElement} */ (currentTarget).getBoundingClientRect();
  return clamp(Math.floor(((clientX - left) / width) * epochs) + 1, 1, epochs);
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
 * Describe the learning history of an image up to an epoch, and then its predictions after it. Each phrase names the
 * epochs that it is about.
 * @param {Pick<ImageHistory, "predicted" | "true_label">} history
 * @param {number} epoch
 * @param {HistoryKind} kind
 */
export function describeHistory({ predicted, true_label }, epoch, kind) {
  const all = predicted.map((label) => label === true_label);
  const correct = all.slice(0, epoch);
  const [name, facts] = describeKind(correct, kind);
  if (epoch >= all.length) return `${name}: ${facts}.`;
  return `${name} up to epoch ${count(epoch)}: ${facts}. ${describeLater(all, epoch)}.`;
}

/**
 * Return the name of a learning history, and the outcomes in the epochs that it covers.
 * @param {readonly boolean[]} correct outcome of each epoch from 1
 * @param {HistoryKind} kind
 */
function describeKind(correct, kind) {
  const last = correct.length;
  const lastCorrect = correct.lastIndexOf(true) + 1;
  const since = correct.lastIndexOf(false) + 2;
  const changes = correct.filter((isCorrect, index) => index > 0 && isCorrect !== correct[index - 1]).length;
  const streak = `correct in ${nameEpochs(since, last)}`;
  return {
    early: ["Learned early", streak],
    late: ["Learned late", streak],
    forgotten: [
      "Forgotten",
      `last correct in epoch ${count(lastCorrect)}, misclassified in ${nameEpochs(lastCorrect + 1, last)}`,
    ],
    flickering: ["Flickering", `changed ${counted(changes, "time")} in ${nameEpochs(1, last)}`],
    never: ["Never learned", `misclassified in ${nameEpochs(1, last)}`],
  }[kind];
}

/**
 * Describe the predictions after an epoch.
 * @param {readonly boolean[]} all outcome of each epoch from 1
 * @param {number} epoch
 */
function describeLater(all, epoch) {
  const later = all.slice(epoch);
  const epochs = nameEpochs(epoch + 1, all.length);
  const correct = later.filter(Boolean).length;
  if (correct > 0 && correct < later.length) return `Later, correct in ${count(correct)} of ${epochs}`;
  const isCorrect = later[0];
  const word = isCorrect ? "correct" : "misclassified";
  if (isCorrect === all[epoch - 1]) return `Still ${word} in ${epochs}`;
  const isAgain = all.slice(0, epoch).includes(isCorrect);
  return `Later ${word}${isAgain ? " again" : ""}, in ${epochs}`;
}

/** Name a range of epochs: (1, 1) → "epoch 1", (7, 10) → "epochs 7 to 10". @param {number} first @param {number} last */
function nameEpochs(first, last) {
  if (first === last) return `epoch ${count(first)}`;
  return `epochs ${count(first)} ${last === first + 1 ? "and" : "to"} ${count(last)}`;
}
