/** What a person does with images, in the list or shown large: flag, label, undo, and guess before the answer is told. */

import { byId, setText } from "../core/dom.js";
import { forget } from "../core/request_cache.js";
import { AnnotationPanel } from "./annotation_panel.js";
import { AnnotationStore } from "./annotation_store.js";
import { GuessMode } from "./guess_mode.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 *
 * @typedef {object} ActingListener
 * @property {() => void} onChanged what is said of some images, or what is hidden, may look different now
 * @property {() => void} onSaved lists that depend on what people say are out of date
 * @property {(active: boolean) => void} onGuessing
 * @property {() => void} onNext
 * @property {(message: string) => void} onProblem
 */

export class AnnotationTools {
  /**
   * @param {{runId: number, dataset: string, classNames: string[]}} images
   * @param {ActingListener} listener
   */
  constructor({ runId, dataset, classNames }, { onChanged, onSaved, onGuessing, onNext, onProblem }) {
    this.desk = new AnnotationStore({
      dataset,
      onChanged: () => {
        this.panel.update();
        onChanged();
      },
      onSaved: () => {
        forget((path) => /\/misclassified\?.*\b(flagged|suspects)=/.test(path));
        onSaved();
      },
      onProblem,
    });
    this.panel = new AnnotationPanel(byId("annotation"), { desk: this.desk, classNames });
    this.guessing = new GuessMode(byId("guess"), {
      runId,
      classNames,
      onActive: (active) => {
        this.#placeGuess(active);
        onGuessing(active);
      },
      onNext,
      onRevealed: onChanged,
    });
  }

  /** @param {{guess: boolean}} view */
  follow(view) {
    if (this.guessing.active === view.guess) return;
    this.guessing.activate(view.guess);
    this.#placeGuess(view.guess);
  }

  /**
   * @param {Mistake | null} item that is shown large
   * @param {number} epoch
   */
  show(item, epoch) {
    this.guessing.show(item, epoch);
    if (item) this.panel.show(item);
    else this.panel.leave();
    byId("annotation").hidden = item !== null && this.guessing.covers(item.index);
  }

  /**
   * @param {number[]} indices of the images that a key is meant for
   * @returns {void | false} false: for none
   */
  flag(indices) {
    if (indices.length === 0) return false;
    this.desk.flag(indices);
  }

  /**
   * A digit is a guess while one guesses, else the label of the images.
   * @param {number[]} indices
   * @param {number} label
   * @returns {void | false}
   */
  digit(indices, label) {
    if (this.guessing.active) return this.guessing.guess(label) ? undefined : false;
    if (indices.length === 0 || label >= this.guessing.classNames.length) return false;
    this.desk.label(indices, label);
  }

  undo() {
    const undone = this.desk.undo();
    setText(byId("done"), undone ? `Undone: ${undone}.` : "There is nothing to undo.");
  }

  /** While one guesses, the question stands above the image; else its button is with the others. @param {boolean} active */
  #placeGuess(active) {
    const guess = byId("guess");
    const focused = guess.contains(document.activeElement) ? document.activeElement : null;
    byId(active ? "guess-place" : "guess-home").append(guess);
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
