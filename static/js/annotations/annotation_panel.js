/**
 * What people say of the image that is shown large: a flag, the class that a person would give it, a note, and undo.
 *
 * Wiring: the template calls `annotation.panel()` of macros/annotation.html once, and
 *
 *     const panel = new AnnotationPanel(byId("annotation"), { desk, classNames });
 *     panel.show(item);    // whenever an image is shown large, after `desk.learn([item])`
 *     panel.update();      // from the desk's `onChanged`
 *     panel.leave();       // when it is closed: what was typed is saved
 *
 * In guess mode, hide the panel while the answer is covered: it tells whether the person agrees with the network.
 * The keys f, 0 to 9 and u are bound by the page; in the note they are text.
 */

import { partOf, setAttribute, setText } from "../core/dom.js";
import { fillClassButtons } from "../ui/class_buttons.js";

/**
 * @typedef {import("./annotation_store.js").AnnotationStore} AnnotationStore
 * @typedef {{index: number, true_label: number, predicted_label: number}} Shown
 */

export class AnnotationPanel {
  /**
   * @param {HTMLElement} root
   * @param {{desk: AnnotationStore, classNames: string[]}} options
   */
  constructor(root, { desk, classNames }) {
    this.desk = desk;
    /** @type {Shown | null} */
    this.item = null;
    /** Notes that were typed and are not kept yet. @type {Map<number, string>} */
    this.drafts = new Map();
    this.flag = partOf(root, "annotation-flag");
    this.none = partOf(root, "annotation-none");
    this.agreement = partOf(root, "annotation-agreement");
    /** @type {HTMLTextAreaElement} */
    this.note = partOf(root, "annotation-note");
    this.saved = partOf(root, "annotation-saved");
    this.undo = partOf(root, "annotation-undo");
    this.choices = fillClassButtons(partOf(root, "annotation-choices"), classNames, (label) => this.#choose(label));
    this.flag.addEventListener("click", () => this.item && desk.flag(this.item));
    this.none.addEventListener("click", () => this.item && desk.label(this.item, null));
    this.undo.addEventListener("click", () => desk.undo());
    this.note.addEventListener("input", () => this.#type());
    this.note.addEventListener("blur", () => this.#save());
    this.note.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#save());
  }

  /** @param {Shown} item */
  show(item) {
    if (this.item?.index !== item.index) {
      this.#save();
      setText(this.saved, this.drafts.has(item.index) ? "Not saved yet" : "");
    }
    this.item = item;
    this.update();
  }

  leave() {
    this.#save();
    this.item = null;
  }

  update() {
    setAttribute(this.undo, "aria-disabled", this.desk.undoable ? null : "true");
    this.undo.title = this.desk.undoable ? `Undo ${this.desk.undoable}` : "";
    if (!this.item) return;
    const { flagged, label, note } = this.desk.get(this.item.index);
    setAttribute(this.flag, "aria-pressed", String(flagged));
    this.choices.forEach((button, choice) => {
      setAttribute(button, "aria-pressed", String(choice === label));
    });
    setAttribute(this.none, "aria-pressed", String(label === null));
    setText(this.agreement, label === null ? "" : agreement(label, this.item));
    const text = this.drafts.get(this.item.index) ?? note;
    if (this.note.value !== text) this.note.value = text;
  }

  /** The class that is chosen already is taken back. @param {number} label */
  #choose(label) {
    if (!this.item) return;
    this.desk.label(this.item, this.desk.get(this.item.index).label === label ? null : label);
  }

  #type() {
    if (!this.item) return;
    this.drafts.set(this.item.index, this.note.value);
    setText(this.saved, "Not saved yet");
  }

  async #save() {
    const index = this.item?.index;
    const draft = index === undefined ? undefined : this.drafts.get(index);
    if (index === undefined || draft === undefined) return;
    setText(this.saved, "Saving…");
    const done = await this.desk.note(index, draft);
    // What has been typed meanwhile stays a draft.
    const latest = this.drafts.get(index) === draft;
    if (done && latest) this.drafts.delete(index);
    if (this.item?.index !== index) return;
    if (latest) setText(this.saved, done ? "✓ Saved" : "✗ Not saved");
    this.update();
  }
}

/**
 * @param {number} label
 * @param {Shown} item
 */
function agreement(label, { true_label, predicted_label }) {
  if (label === true_label && label === predicted_label) return "That is what the data set and the network say.";
  if (label === true_label) return "That is what the data set says.";
  return label === predicted_label
    ? "That is what the network says, and not the data set."
    : "Neither the data set nor the network says so.";
}
