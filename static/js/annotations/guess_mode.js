/**
 * Guess first: the answer of an image is hidden until the person has said what it is; both sides keep a score.
 * `show` it each image that is shown large, and hide what an image is wherever `covers` says so.
 */
import { api } from "../core/api.js";
import { element, partOf, setAttribute, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { fillClassButtons } from "../ui/class_buttons.js";

/**
 * @typedef {import("../../../types/messages.js").GuessAnswer} GuessAnswer
 * @typedef {import("../../../types/messages.js").GuessScore} GuessScore
 */

export class GuessMode {
  /**
   * @param {HTMLElement} root
   * @param {{
   *   runId: number,
   *   classNames: string[],
   *   onActive: (active: boolean) => void,
   *   onNext: () => void,
   *   onRevealed?: (index: number) => void,
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
    /** Since the page was opened, by image. @type {Map<number, GuessAnswer>} */
    this.answers = new Map();
    this.asking = false;
    this.toggle = partOf(root, "guess-toggle");
    this.choices = partOf(root, "guess-choices");
    this.next = partOf(root, "guess-next");
    this.ask = partOf(root, "guess-ask");
    this.buttons = fillClassButtons(this.choices, classNames, (label) => this.guess(label));
    this.toggle.addEventListener("click", () => {
      this.activate(!this.active);
      onActive(this.active);
    });
    this.next.addEventListener("click", () => onNext());
    this.ask.addEventListener("click", () => this.#confirm(true));
    partOf(root, "guess-keep").addEventListener("click", () => this.#confirm(false));
    partOf(root, "guess-forget").addEventListener("click", () => this.#forget());
  }

  /** @param {boolean} active */
  activate(active) {
    if (this.active === active) return;
    this.active = active;
    const inside = this.root.contains(document.activeElement);
    this.#draw();
    if (inside && !active) this.toggle.focus({ preventScroll: true }); // what had the focus may be hidden now
    if (active && !this.score) this.#attempt(async () => this.#keepScore((await api.get(this.address)).score));
  }

  /**
   * @param {{index: number} | null} item the image that is shown large
   * @param {number | null} [epoch] whose answer the guess is held against, the last one where it is left out
   */
  show(item, epoch = null) {
    const going = this.root.contains(document.activeElement) && this.item?.index !== item?.index;
    this.item = item;
    this.epoch = epoch;
    this.#draw();
    if (going && this.active && item && this.covers(item.index)) this.choices.focus({ preventScroll: true });
  }

  /**
   * Whether the answer of this image must still be hidden.
   * @param {number} index
   */
  covers(index) {
    return this.active && !this.answers.has(index);
  }

  /**
   * Guess that the image shown is of this class.
   * @param {number} label
   * @returns {boolean} whether there was something to guess
   */
  guess(label) {
    const { item } = this;
    if (!item || !this.covers(item.index) || this.asking || label >= this.classNames.length) return false;
    this.asking = true;
    this.#attempt(async () => {
      const epoch = this.epoch === null ? {} : { epoch: this.epoch };
      /** @type {GuessAnswer} */
      const answer = await api.post(this.address, { index: item.index, label, ...epoch });
      this.answers.set(item.index, answer);
      this.#keepScore(answer.score);
      this.onRevealed(item.index);
      if (this.active && this.item?.index === item.index) this.next.focus({ preventScroll: true });
    }).finally(() => {
      this.asking = false;
    });
    return true;
  }

  #forget() {
    this.#attempt(async () => {
      await api.delete(this.address);
      const revealed = [...this.answers.keys()];
      this.answers.clear();
      this.#confirm(false);
      this.#keepScore({ guesses: 0, person_right: 0, network_right: 0 });
      this.toggle.focus();
      for (const index of revealed) this.onRevealed(index);
    });
  }

  /** @param {boolean} asking whether the score is really to be forgotten */
  #confirm(asking) {
    this.#part("guess-confirm").hidden = !asking;
    this.ask.hidden = asking;
    const guesses = counted(this.score?.guesses, "guess", "guesses");
    setText(this.#part("guess-question"), asking ? `Forget ${guesses} of this run? They cannot be brought back.` : "");
    (asking ? this.#part("guess-keep") : this.ask).focus();
  }

  /** @param {GuessScore} score */
  #keepScore(score) {
    this.score = score;
    this.#draw();
  }

  #draw() {
    const { item, score } = this;
    const answer = item && this.answers.get(item.index);
    setAttribute(this.toggle, "aria-pressed", String(this.active));
    this.#part("guess-body").hidden = !this.active;
    setText(this.#part("guess-score"), this.active && score ? scoreInWords(score) : "");
    this.#part("guess-reset").hidden = !this.active || !score?.guesses;
    this.#part("guess-title").hidden = Boolean(answer);
    setText(this.#part("guess-title"), item ? "What is this?" : "Open an image, then say what it is.");
    this.choices.hidden = !item || Boolean(answer);
    this.next.hidden = !answer;
    setAttribute(this.root, "data-answered", answer ? "true" : null);
    this.#part("guess-result").replaceChildren(...(answer ? this.#result(answer) : []));
  }

  /** @param {GuessAnswer} answer */
  #result({ label, true_label, predicted_label, counted: counts }) {
    const side = (/** @type {string} */ who, /** @type {number} */ said) =>
      element(
        "span",
        { className: said === true_label ? "right" : "wrong" },
        `${who} ${said === true_label ? "✓" : "✗"} ${this.classNames[said]}`,
      );
    const truth = element("span", {}, `It is ${this.classNames[true_label]}.`);
    const before = element("span", { className: "muted" }, "Guessed before: only the first guess of an image counts.");
    return [truth, side("You", label), side("The network", predicted_label), ...(counts ? [] : [before])];
  }

  /** @param {() => Promise<void>} action */
  async #attempt(action) {
    const problem = this.#part("guess-problem");
    try {
      await action();
      problem.hidden = true;
    } catch (error) {
      setText(problem, error instanceof Error ? error.message : String(error));
      problem.hidden = false;
    }
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }
}

/** @param {GuessScore} score */
function scoreInWords({ guesses, person_right, network_right }) {
  if (guesses === 0) return "No guesses yet.";
  const of = count(guesses);
  return `You ${count(person_right)} of ${of}, the network ${count(network_right)} of ${of}`;
}
