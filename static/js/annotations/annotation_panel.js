/**
 * Annotation panel of the open image: flag, correct label, note and undo.
 *
 * Hide the panel while guess mode hides the prediction, because the panel would reveal it. The page binds the keys f, 0
 * to 9 and u. While the note field has the focus, these keys type text.
 */
import { html, live, nothing, render } from "../core/html.js";
import { areShort, classButtons } from "../ui/class_buttons.js";
import { describeAgreement } from "./descriptions.js";

/** @import {PredictedImage} from "./descriptions.js" */

const BUTTON = "btn btn-outline-secondary btn-sm";
const HEADING = "small fw-semibold text-body-secondary";

export class AnnotationPanel {
  /**
   * @param {HTMLElement} root
   * @param {{store: import("./annotation_store.js").AnnotationStore, classNames: string[]}} options
   */
  constructor(root, { store, classNames }) {
    this.root = root;
    this.store = store;
    this.classNames = classNames;
    /** @type {PredictedImage | null} */
    this.item = null;
    /** Notes that are not saved yet. @type {Map<number, string>} */
    this.drafts = new Map();
    this.noteStatus = "";
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveNote());
  }

  /** Show the annotation of an image, after the store received it. @param {PredictedImage} item */
  show(item) {
    if (this.item?.index !== item.index) {
      this.#saveNote();
      this.noteStatus = this.drafts.has(item.index) ? "Not saved yet" : "";
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
    const { item, store, classNames } = this;
    if (!item) return;
    const { flagged, label, note } = store.get(item.index);
    const undone = store.undoDescription;
    render(
      html`<div class="row g-3">
        <div class="col-12 col-xl-auto hstack flex-wrap d-xl-block justify-content-between gap-2">
          <h3 id="annotation-title">Your annotation</h3>
          <div class="hstack gap-2 mt-xl-2">
            <button class=${BUTTON} type="button" aria-pressed=${flagged} @click=${() => store.setFlag([item.index])}>
              <span class="text-warning-emphasis" aria-hidden="true">${flagged ? "⚑" : "⚐"}</span> Flag
              <kbd aria-hidden="true">f</kbd>
            </button>
            <button class=${BUTTON} type="button" aria-disabled=${undone ? nothing : "true"}
              title=${undone ? `Undo ${undone}` : nothing} @click=${() => store.undo()}>
              Undo <kbd aria-hidden="true">u</kbd>
            </button>
          </div>
        </div>
        <div class="col-12 ${areShort(classNames) ? "col-xl" : ""}" role="group" aria-labelledby="annotation-label">
          <p class="${HEADING} mb-1" id="annotation-label">Correct label</p>
          ${classButtons(classNames, (choice) => store.setLabel([item.index], choice === label ? null : choice), label)}
          <div class="hstack flex-wrap gap-2 mt-2">
            <button class=${BUTTON} type="button" aria-pressed=${label === null}
              @click=${() => store.setLabel([item.index], null)}>No label</button>
            <span class="small text-body-secondary" role="status" aria-label="Agreement"
              >${label === null ? "" : describeAgreement(label, item)}</span>
          </div>
        </div>
        <div class="col-12 col-xl">${this.#noteField(this.drafts.get(item.index) ?? note)}</div>
      </div>`,
      this.root,
    );
  }

  /** @param {string} text */
  #noteField(text) {
    const onInput = (/** @type {Event & {target: HTMLTextAreaElement}} */ { target }) => this.#setDraft(target.value);
    const onKey = (/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey }) =>
      key === "Enter" && (ctrlKey || metaKey) && this.#saveNote();
    return html`<div class="hstack flex-wrap justify-content-between gap-2 mb-1">
        <label class=${HEADING} for="annotation-note">Note</label>
        <span class="small text-body-secondary" role="status" aria-label="Saving">${this.noteStatus}</span>
      </div>
      <textarea class="form-control form-control-sm" id="annotation-note" rows="2" maxlength="2000"
        aria-describedby="annotation-note-help" .value=${live(text)}
        @input=${onInput} @keydown=${onKey} @blur=${() => this.#saveNote()}></textarea>
      <p class="form-text mb-0" id="annotation-note-help">Saved for all runs when you leave the field.</p>`;
  }

  /** @param {string} text */
  #setDraft(text) {
    if (this.item) this.drafts.set(this.item.index, text);
    this.#showNoteStatus("Not saved yet");
  }

  /** @param {string} status */
  #showNoteStatus(status) {
    this.noteStatus = status;
    this.update();
  }

  async #saveNote() {
    const index = this.item?.index;
    const draft = index === undefined ? undefined : this.drafts.get(index);
    if (index === undefined || draft === undefined) return;
    this.#showNoteStatus("Saving…");
    const isSaved = await this.store.setNote(index, draft);
    // Text that a person typed during the request remains a draft.
    const isLatest = this.drafts.get(index) === draft;
    if (isSaved && isLatest) this.drafts.delete(index);
    if (isLatest && this.item?.index === index) this.#showNoteStatus(isSaved ? "✓ Saved" : "✗ Not saved");
  }
}
