/**
 * Guess mode: hides the prediction until a person guesses the class. It counts how often the person and the network are
 * correct. Call `show` with each image that opens. While `hidesPrediction` returns true, hide the true and the
 * predicted class.
 */
import { errorMessage } from "../core/api.js";
import { partOf } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { classButtons } from "../ui/class_buttons.js";
import { describeGuesses, describeScore } from "./descriptions.js";
import { Guesses } from "./guesses.js";

/**
 * @typedef {object} GuessListener
 * @property {(active: boolean) => void} onActive called when a person starts or leaves guess mode
 * @property {() => void} onNext called when a person requests the next image
 * @property {(indices: number[]) => void} [onRevealed] called when predictions are shown or hidden again
 */

const BUTTON = "btn btn-outline-secondary btn-sm";

export class GuessMode {
  /** @param {HTMLElement} root @param {{runId: number, classNames: string[]} & GuessListener} options */
  constructor(root, { runId, classNames, ...listener }) {
    this.root = root;
    this.classNames = classNames;
    /** @type {GuessListener} */
    this.listener = listener;
    this.guesses = new Guesses(runId);
    this.active = false;
    /** @type {{index: number} | null} */
    this.item = null;
    /** @type {number | null} */
    this.epoch = null;
    this.isSending = false;
    this.isConfirming = false;
    this.problem = "";
    this.#draw();
  }

  /** Start guess mode, or leave it, at the request of a person. */
  toggle() {
    this.activate(!this.active);
    this.listener.onActive(this.active);
  }

  /** Start or leave guess mode. @param {boolean} active */
  activate(active) {
    if (this.active === active) return;
    this.active = active;
    const hadFocus = this.root.contains(document.activeElement);
    this.#draw();
    if (hadFocus && !active) this.#focus("toggle"); // the focused element may have been removed
    if (active) this.#attempt(() => this.guesses.loadScore());
  }

  /**
   * Show the buttons with which a person guesses the class of the open image.
   * @param {{index: number} | null} item open image
   * @param {number | null} [epoch] epoch of the prediction to compare with; null for the last epoch
   */
  show(item, epoch = null) {
    const hadFocus = this.root.contains(document.activeElement) && this.item?.index !== item?.index;
    this.item = item;
    this.epoch = epoch;
    this.#draw();
    if (hadFocus && item && this.hidesPrediction(item.index)) this.#focus("choices");
  }

  /** Return true if the prediction of this image must stay hidden. @param {number} index */
  hidesPrediction(index) {
    return this.active && !this.guesses.responses.has(index);
  }

  /** Guess the class of the open image. @param {number} label @returns {boolean} false if there is nothing to guess */
  guess(label) {
    const { item, epoch } = this;
    if (!item || !this.hidesPrediction(item.index) || this.isSending || label >= this.classNames.length) return false;
    this.isSending = true;
    this.#attempt(async () => {
      await this.guesses.send(item.index, label, epoch);
      this.#draw();
      this.listener.onRevealed?.([item.index]);
      if (this.active && this.item?.index === item.index) this.#focus("next");
    }).finally(() => {
      this.isSending = false;
    });
    return true;
  }

  #reset() {
    this.#attempt(async () => {
      const hidden = await this.guesses.reset();
      this.isConfirming = false;
      this.#draw();
      this.#focus("toggle");
      this.listener.onRevealed?.(hidden);
    });
  }

  /** Ask for a confirmation of the reset, or stop asking. @param {boolean} isConfirming */
  #confirm(isConfirming) {
    this.isConfirming = isConfirming;
    this.#draw();
    this.#focus(isConfirming ? "cancel" : "reset");
  }

  /** Run an action, and show its result or its error. @param {() => Promise<void>} action */
  async #attempt(action) {
    this.problem = "";
    try {
      await action();
    } catch (error) {
      this.problem = errorMessage(error);
    }
    this.#draw();
  }

  #draw() {
    const { active, isConfirming, problem } = this;
    const { score } = this.guesses;
    const reset = html`<button class="btn btn-link btn-sm ms-auto" data-part="reset" type="button"
      @click=${() => this.#confirm(true)}>Reset score…</button>`;
    render(
      html`<div class="hstack flex-wrap gap-2">
          <button class=${BUTTON} data-part="toggle" type="button" aria-pressed=${active} @click=${() => this.toggle()}>
            Guess mode
          </button>
          <span class="small num" role="status" aria-label="Score">${active && score ? describeScore(score) : ""}</span>
          ${active && score?.guesses && !isConfirming ? reset : nothing}
        </div>
        ${active && isConfirming ? this.#confirmation() : nothing}
        <p class="small text-danger-emphasis mt-1 mb-0" role="alert" ?hidden=${!problem}>${problem}</p>
        ${active ? this.#question() : nothing}`,
      this.root,
    );
  }

  #confirmation() {
    const guesses = counted(this.guesses.score?.guesses, "guess", "guesses");
    return html`<p class="fw-semibold my-2" role="alert">Reset the score of this run (${guesses})? This cannot be undone.</p>
      <div class="hstack flex-wrap gap-2">
        <button class=${BUTTON} data-part="cancel" type="button" @click=${() => this.#confirm(false)}>Cancel</button>
        <button class="btn btn-outline-danger btn-sm" type="button" @click=${() => this.#reset()}>Reset score</button>
      </div>`;
  }

  /** Return the question and the buttons for the open image, or the result of the guess. */
  #question() {
    const { item, classNames, listener } = this;
    const response = item && this.guesses.responses.get(item.index);
    const question = html`<p class="fw-semibold mb-0" id="guess-title">
        ${item ? "What is this?" : "Open an image, then guess its class."}
      </p>
      <div class="flex-fill" data-part="choices" role="group" aria-labelledby="guess-title" tabindex="-1">
        ${item ? classButtons(classNames, (label) => this.guess(label)) : nothing}
      </div>`;
    const next = html`<button class="btn btn-primary btn-sm" data-part="next" type="button"
      @click=${() => listener.onNext()}>Next image <span aria-hidden="true">→</span></button>`;
    // The result is always in the layout, because screen readers may not announce text in an element that was added.
    return html`<div class="d-flex flex-wrap align-items-center gap-3 mt-3">
      ${response ? nothing : question}
      <p class="hstack flex-wrap column-gap-3 fw-semibold mb-0" role="status" aria-label="Result"
        >${response ? this.#result(response) : nothing}</p>
      ${response ? next : nothing}
    </div>`;
  }

  /** @param {import("../../../types/api.js").GuessResponse} response */
  #result(response) {
    const repeated = html`<span class="fw-normal text-body-secondary"
      >Guessed before: only the first guess of an image counts.</span>`;
    return html`<span>True class: ${this.classNames[response.true_label]}.</span>
      ${describeGuesses(response, this.classNames).map(
        ({ text, isCorrect }) => html`<span class="text-${isCorrect ? "success" : "danger"}-emphasis">${text}</span> `,
      )} ${response.counted ? nothing : repeated}`;
  }

  /** Focus the element with this `data-part`. @param {string} name */
  #focus(name) {
    partOf(this.root, name).focus({ preventScroll: true });
  }
}
