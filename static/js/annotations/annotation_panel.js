/**
 * Annotation panel of the open image: flag, correct label, note and undo.
 *
 * The template calls `annotation.panel()` of parts/annotations.html once, and the page calls
 *
 *     const panel = new AnnotationPanel(byId("annotation"), { store, classNames });
 *     panel.show(item);    // when an image opens, after `store.receive([item])`
 *     panel.update();      // from `onChanged` of the store
 *     panel.close();       // when the image closes; saves the note
 *
 * Hide the panel while guess mode hides the prediction, because the panel would reveal it. The page binds the keys f, 0
 * to 9 and u. While the note field has the focus, these keys type text.
 */

import { partOf, setAttribute, setText } from "../core/dom.js";
import { fillClassButtons } from "../ui/class_buttons.js";

/**
 * @typedef {import("./annotation_store.js").AnnotationStore} AnnotationStore
 * @typedef {{index: number, true_label: number, predicted_label: number}} PredictedImage
 */

export class AnnotationPanel {
  /**
   * @param {HTMLElement} root
   * @param {{store: AnnotationStore, classNames: string[]}} options
   */
  constructor(root, { store, classNames }) {
    this.store = store;
    /** @type {PredictedImage | null} */
    this.item = null;
    /** Notes that are not saved yet. @type {Map<number, string>} */
    this.drafts = new Map();
    this.flag = partOf(root, "annotation-flag");
    this.none = partOf(root, "annotation-none");
    this.agreement = partOf(root, "annotation-agreement");
    /** @type {HTMLTextAreaElement} */
    this.note = partOf(root, "annotation-note");
    this.saved = partOf(root, "annotation-saved");
    this.undo = partOf(root, "annotation-undo");
    this.choices = fillClassButtons(partOf(root, "annotation-choices"), classNames, (label) =>
      this.#toggleLabel(label),
    );
    this.flag.addEventListener("click", () => this.item && store.setFlag(this.item));
    this.none.addEventListener("click", () => this.item && store.setLabel(this.item, null));
    this.undo.addEventListener("click", () => store.undo());
    this.note.addEventListener("input", () => this.#updateDraft());
    this.note.addEventListener("blur", () => this.#saveNote());
    this.note.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#saveNote();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveNote());
  }

  /** Show the annotation of an image. @param {PredictedImage} item */
  show(item) {
    if (this.item?.index !== item.index) {
      this.#saveNote();
      setText(this.saved, this.drafts.has(item.index) ? "Not saved yet" : "");
    }
    this.item = item;
    this.update();
  }

  /** Save the note, and show no image until the next call of `show`. */
  close() {
    this.#saveNote();
    this.item = null;
  }

  /** Show the current annotation of the image. */
  update() {
    setAttribute(this.undo, "aria-disabled", this.store.undoDescription ? null : "true");
    this.undo.title = this.store.undoDescription ? `Undo ${this.store.undoDescription}` : "";
    if (!this.item) return;
    const { flagged, label, note } = this.store.get(this.item.index);
    setAttribute(this.flag, "aria-pressed", String(flagged));
    this.choices.forEach((button, choice) => {
      setAttribute(button, "aria-pressed", String(choice === label));
    });
    setAttribute(this.none, "aria-pressed", String(label === null));
    setText(this.agreement, label === null ? "" : describeAgreement(label, this.item));
    const text = this.drafts.get(this.item.index) ?? note;
    if (this.note.value !== text) this.note.value = text;
  }

  /** Set a label, or remove it if the image already has it. @param {number} label */
  #toggleLabel(label) {
    if (!this.item) return;
    this.store.setLabel(this.item, this.store.get(this.item.index).label === label ? null : label);
  }

  #updateDraft() {
    if (!this.item) return;
    this.drafts.set(this.item.index, this.note.value);
    setText(this.saved, "Not saved yet");
  }

  async #saveNote() {
    const index = this.item?.index;
    const draft = index === undefined ? undefined : this.drafts.get(index);
    if (index === undefined || draft === undefined) return;
    setText(this.saved, "Saving…");
    const saved = await this.store.setNote(index, draft);
    // Text that a person typed during the request remains a draft.
    const isLatest = this.drafts.get(index) === draft;
    if (saved && isLatest) this.drafts.delete(index);
    if (this.item?.index !== index) return;
    if (isLatest) setText(this.saved, saved ? "✓ Saved" : "✗ Not saved");
    this.update();
  }
}

/**
 * Describe whether a label agrees with the data set and the prediction.
 * @param {number} label
 * @param {PredictedImage} item
 */
export function describeAgreement(label, { true_label, predicted_label }) {
  if (label === true_label && label === predicted_label) return "Agrees with the data set and the prediction.";
  if (label === true_label) return "Agrees with the data set, not with the prediction.";
  return label === predicted_label
    ? "Agrees with the prediction, not with the data set."
    : "Agrees with neither the data set nor the prediction.";
}
