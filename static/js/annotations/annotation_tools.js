/** Annotation actions for selected images: flag, label, undo, and guess mode. */
import { byId } from "../core/dom.js";
import { invalidate } from "../core/request_cache.js";
import { AnnotationPanel } from "./annotation_panel.js";
import { AnnotationStore } from "./annotation_store.js";
import { GuessMode } from "./guess_mode.js";

/**
 * @typedef {object} AnnotationListener
 * @property {() => void} onChanged called when annotations or hidden predictions change
 * @property {() => void} onSaved called when lists filtered by annotations are out of date
 * @property {(active: boolean) => void} onGuessing called when guess mode starts or ends
 * @property {() => void} onNext called when a person requests the next image
 * @property {(message: string) => void} onProblem
 */

export class AnnotationTools {
  /** @param {{runId: number, dataset: string, classNames: string[]}} images @param {AnnotationListener} listener */
  constructor({ runId, dataset, classNames }, { onChanged, onSaved, onGuessing, onNext, onProblem }) {
    this.store = new AnnotationStore({
      dataset,
      onChanged: () => {
        this.panel.update();
        onChanged();
      },
      onSaved: () => {
        invalidate((path) => /\/misclassified\?.*\b(flagged|suspects)=/.test(path));
        onSaved();
      },
      onProblem,
    });
    this.panelRoot = byId("annotation");
    this.panel = new AnnotationPanel(this.panelRoot, { store: this.store, classNames });
    this.guessing = new GuessMode(byId("guess"), {
      runId,
      classNames,
      onActive: (active) => {
        this.#moveGuessMode(active);
        onGuessing(active);
      },
      onNext,
      onRevealed: onChanged,
    });
  }

  /** Start or leave guess mode to match the URL. @param {{guess: boolean}} view */
  syncGuessMode({ guess }) {
    if (this.guessing.active === guess) return;
    this.guessing.activate(guess);
    this.#moveGuessMode(guess);
  }

  /**
   * Show the annotation of the open image. In guess mode, ask for a guess first.
   * @param {import("../../../types/api.js").ListedImage | null} item open image
   * @param {number} epoch
   */
  show(item, epoch) {
    this.guessing.show(item, epoch);
    if (item) this.panel.show(item);
    else this.panel.close();
    this.panelRoot.hidden = item !== null && this.guessing.hidesPrediction(item.index);
  }

  /** Flag or unflag images. @param {number[]} indices @returns {void | false} false if there are none */
  flag(indices) {
    if (indices.length === 0) return false;
    this.store.setFlag(indices);
  }

  /**
   * In guess mode, enter a digit as the guess; otherwise set it as the label of the images.
   * @param {number[]} indices
   * @param {number} label
   * @returns {void | false} false if there is no image or no such class
   */
  enterDigit(indices, label) {
    if (this.guessing.active) return this.guessing.guess(label) ? undefined : false;
    if (indices.length === 0 || label >= this.guessing.classNames.length) return false;
    this.store.setLabel(indices, label);
  }

  /** Undo the last annotation, and announce it. */
  undo() {
    const undone = this.store.undo();
    byId("done").textContent = undone ? `Undone: ${undone}.` : "Nothing to undo.";
  }

  /**
   * In guess mode, move the guess section above the open image; otherwise move it into the header of the page.
   * @param {boolean} active
   */
  #moveGuessMode(active) {
    const { root } = this.guessing;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    byId(active ? "guess-panel" : "guess-home").append(root);
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
