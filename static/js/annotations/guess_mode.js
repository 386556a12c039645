/**
 * Guess mode: hides the prediction until a person guesses the class. It counts how often the person and the network are
 * correct. Call `show` with each image that opens. While `hidesPrediction` returns true, hide the true and the
 * predicted class.
 */
import { api, errorMessage } from "../core/api.js";
import { element, partOf, setAttribute, setMessage, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { fillClassButtons } from "../ui/class_buttons.js";

/**
 * @typedef {import("../../../types/api.js").GuessResponse} GuessResponse
 * @typedef {import("../../../types/api.js").GuessScore} GuessScore
 */

export class GuessMode {
  /**
   * @param {HTMLElement} root
   * @param {{
   *   runId: number,
   *   classNames: string[],
   *   onActive: (active: boolean) => void,
   *   onNext: () => void,
   *   onRevealed?: (indices: number[]) => void,
   * }} options
   */
  constructor(root, { runId, classNames, onActive, onNext, onRevealed = () => {} }) {
    this.root = root;
    this.address = `/api/runs/${runId}/guesses`;
    this.classNames = classNames;
    this.onRevealed = onRevealed;
    this.active = false;
    /** @type {{index: number} | null} */
    this.item = null;
    /** @type {number | null} */
    this.epoch = null;
    /** @type {GuessScore | null} */
    this.score = null;
    /**
     * Server responses to the guesses since the page opened or the score was reset, by image index.
     * @type {Map<number, GuessResponse>}
     */
    this.results = new Map();
    this.sending = false;
    this.toggle = partOf(root, "guess-toggle");
    this.choices = partOf(root, "guess-choices");
    this.next = partOf(root, "guess-next");
    this.resetButton = partOf(root, "guess-reset-button");
    this.buttons = fillClassButtons(this.choices, classNames, (label) => this.guess(label));
    this.toggle.addEventListener("click", () => {
      this.activate(!this.active);
      onActive(this.active);
    });
    this.next.addEventListener("click", () => onNext());
    this.resetButton.addEventListener("click", () => this.#showConfirmation(true));
    partOf(root, "guess-reset-cancel").addEventListener("click", () => this.#showConfirmation(false));
    partOf(root, "guess-reset-confirm").addEventListener("click", () => this.#resetScore());
  }

  /** Start or leave guess mode. @param {boolean} active */
  activate(active) {
    if (this.active === active) return;
    this.active = active;
    const inside = this.root.contains(document.activeElement);
    this.#draw();
    if (inside && !active) this.toggle.focus({ preventScroll: true }); // the focused element may be hidden now
    if (active && !this.score) this.#tryRequest(async () => this.#setScore((await api.get(this.address)).score));
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
    if (hadFocus && this.active && item && this.hidesPrediction(item.index))
      this.choices.focus({ preventScroll: true });
  }

  /**
   * Return true if the prediction of this image must stay hidden.
   * @param {number} index
   */
  hidesPrediction(index) {
    return this.active && !this.results.has(index);
  }

  /**
   * Guess the class of the open image.
   * @param {number} label
   * @returns {boolean} false if there is nothing to guess
   */
  guess(label) {
    const { item } = this;
    if (!item || !this.hidesPrediction(item.index) || this.sending || label >= this.classNames.length) return false;
    this.sending = true;
    this.#tryRequest(async () => {
      const epoch = this.epoch === null ? {} : { epoch: this.epoch };
      /** @type {GuessResponse} */
      const result = await api.post(this.address, { index: item.index, label, ...epoch });
      this.results.set(item.index, result);
      this.#setScore(result.score);
      this.onRevealed([item.index]);
      if (this.active && this.item?.index === item.index) this.next.focus({ preventScroll: true });
    }).finally(() => {
      this.sending = false;
    });
    return true;
  }

  #resetScore() {
    this.#tryRequest(async () => {
      await api.delete(this.address);
      const revealed = [...this.results.keys()];
      this.results.clear();
      this.#showConfirmation(false);
      this.#setScore({ guesses: 0, person_right: 0, network_right: 0 });
      this.toggle.focus();
      this.onRevealed(revealed);
    });
  }

  /** Show either the question that confirms the reset, or the reset button. @param {boolean} confirming */
  #showConfirmation(confirming) {
    this.#part("guess-confirm").hidden = !confirming;
    this.resetButton.hidden = confirming;
    const guesses = counted(this.score?.guesses, "guess", "guesses");
    setText(
      this.#part("guess-confirm-text"),
      confirming ? `Reset the score of this run (${guesses})? This cannot be undone.` : "",
    );
    (confirming ? this.#part("guess-reset-cancel") : this.resetButton).focus();
  }

  /** @param {GuessScore} score */
  #setScore(score) {
    this.score = score;
    this.#draw();
  }

  #draw() {
    const { item, score } = this;
    const result = item && this.results.get(item.index);
    setAttribute(this.toggle, "aria-pressed", String(this.active));
    this.#part("guess-body").hidden = !this.active;
    setText(this.#part("guess-score"), this.active && score ? describeScore(score) : "");
    this.#part("guess-reset").hidden = !this.active || !score?.guesses;
    this.#part("guess-title").hidden = Boolean(result);
    setText(this.#part("guess-title"), item ? "What is this?" : "Open an image, then guess its class.");
    this.choices.hidden = !item || Boolean(result);
    this.next.hidden = !result;
    this.#part("guess-result").replaceChildren(...(result ? this.#resultElements(result) : []));
  }

  /** Create the elements that describe a result. @param {GuessResponse} result */
  #resultElements({ label, true_label, predicted_label, counted: isCounted }) {
    const formatGuess = (/** @type {string} */ name, /** @type {number} */ guess) =>
      element(
        "span",
        { className: guess === true_label ? "text-success-emphasis" : "text-danger-emphasis" },
        `${name} ${guess === true_label ? "✓" : "✗"} ${this.classNames[guess]}`,
      );
    const truth = element("span", {}, `True class: ${this.classNames[true_label]}.`);
    const repeated = element(
      "span",
      { className: "text-body-secondary" },
      "Guessed before: only the first guess of an image counts.",
    );
    return [
      truth,
      formatGuess("You", label),
      formatGuess("Network", predicted_label),
      ...(isCounted ? [] : [repeated]),
    ];
  }

  /** Send a request, and show its error. @param {() => Promise<void>} action */
  async #tryRequest(action) {
    const problem = this.#part("guess-problem");
    try {
      await action();
      setMessage(problem, "");
    } catch (error) {
      setMessage(problem, errorMessage(error));
    }
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }
}

/** Describe the scores of the person and of the network. @param {GuessScore} score */
export function describeScore({ guesses, person_right, network_right }) {
  if (guesses === 0) return "No guesses yet.";
  const total = count(guesses);
  return `You ${count(person_right)} of ${total}, network ${count(network_right)} of ${total}`;
}
