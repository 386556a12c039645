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
import { html, live, nothing, render } from "../core/html.js";
import { areShort, classButtons } from "../ui/class_buttons.js";
import { describeAgreement } from "./descriptions.js";

/** @typedef {import("./descriptions.js").PredictedImage} PredictedImage */

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

  /** Show the annotation of an image. @param {PredictedImage} item */
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
    const button = "btn btn-outline-secondary btn-sm";
    const heading = "small fw-semibold text-body-secondary";
    render(
      html`<div class="row g-3">
        <div class="col-12 col-xl-auto hstack flex-wrap d-xl-block justify-content-between gap-2">
          <h3 id="annotation-title">Your annotation</h3>
          <div class="hstack gap-2 mt-xl-2">
            <button class=${button} type="button" aria-pressed=${flagged} @click=${() => store.setFlag(item)}>
              <span class="text-warning-emphasis" aria-hidden="true">${flagged ? "⚑" : "⚐"}</span> Flag
              <kbd aria-hidden="true">f</kbd>
            </button>
            <button
              class=${button}
              type="button"
              aria-disabled=${store.undoDescription ? nothing : "true"}
              title=${store.undoDescription ? `Undo ${store.undoDescription}` : nothing}
              @click=${() => store.undo()}
            >
              Undo <kbd aria-hidden="true">u</kbd>
            </button>
          </div>
        </div>
        <div class="col-12 ${areShort(classNames) ? "col-xl" : ""}" role="group" aria-labelledby="annotation-label">
          <p class="${heading} mb-1" id="annotation-label">Correct label</p>
          ${classButtons(classNames, (choice) => store.setLabel(item, choice === label ? null : choice), label)}
          <div class="hstack flex-wrap gap-2 mt-2">
            <button
              class=${button}
              type="button"
              aria-pressed=${label === null}
              @click=${() => store.setLabel(item, null)}
            >
              No label
            </button>
            <span class="small text-body-secondary" role="status" aria-label="Agreement of the label"
              >${label === null ? "" : describeAgreement(label, item)}</span
            >
          </div>
        </div>
        <div class="col-12 col-xl">
          <div class="hstack flex-wrap justify-content-between gap-2 mb-1">
            <label class=${heading} for="annotation-note">Note</label>
            <span class="small text-body-secondary" role="status" aria-label="Status of the note"
              >${this.noteStatus}</span
            >
          </div>
          <textarea
            class="form-control form-control-sm"
            id="annotation-note"
            rows="2"
            maxlength="2000"
            aria-describedby="annotation-note-help"
            .value=${live(this.drafts.get(item.index) ?? note)}
            @input=${(/** @type {Event & {target: HTMLTextAreaElement}} */ { target }) => this.#setDraft(target.value)}
            @blur=${() => this.#saveNote()}
            @keydown=${(/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey }) =>
              key === "Enter" && (ctrlKey || metaKey) && this.#saveNote()}
          ></textarea>
          <p class="form-text mb-0" id="annotation-note-help">Saved for all runs when you leave the field.</p>
        </div>
      </div>`,
      this.root,
    );
  }

  /** @param {string} text */
  #setDraft(text) {
    if (this.item) this.drafts.set(this.item.index, text);
    this.#setNoteStatus("Not saved yet");
  }

  /** @param {string} status */
  #setNoteStatus(status) {
    this.noteStatus = status;
    this.update();
  }

  async #saveNote() {
    const index = this.item?.index;
    const draft = index === undefined ? undefined : this.drafts.get(index);
    if (index === undefined || draft === undefined) return;
    this.#setNoteStatus("Saving…");
    const isSaved = await this.store.setNote(index, draft);
    // Text that a person typed during the request remains a draft.
    const isLatest = this.drafts.get(index) === draft;
    if (isSaved && isLatest) this.drafts.delete(index);
    if (isLatest && this.item?.index === index) this.#setNoteStatus(isSaved ? "✓ Saved" : "✗ Not saved");
  }
}
