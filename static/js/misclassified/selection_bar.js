/** Bar with the actions on the selected images: flag, label, clear. */
import { counted } from "../core/format.js";
import { html } from "../core/html.js";

const NO_LABEL = "none";

export class SelectionBar {
  /**
   * @param {import("../ui/multi_select.js").Selection} selection
   * @param {import("../annotations/annotation_store.js").AnnotationStore} store
   * @param {string[]} classNames
   */
  constructor(selection, store, classNames) {
    this.selection = selection;
    this.store = store;
    this.classNames = classNames;
  }

  template() {
    const { selection, store, classNames } = this;
    const { indices, size } = selection;
    const flagged = size > 0 && indices.every((index) => store.get(index).flagged);
    return html`<div class="selection alert alert-info hstack flex-wrap gap-2 mb-2 p-2" id="selection" role="region"
      aria-label="Selected images" ?hidden=${size === 0}>
      <strong class="num" role="status">${counted(size, "image")} selected</strong>
      <button class="btn btn-outline-secondary btn-sm" type="button" @click=${() => store.setFlag(selection.indices)}>
        ${flagged ? "Remove flags" : "Flag"}
      </button>
      <select class="form-select form-select-sm w-auto" aria-label="Label the selected images as" @change=${this.#label}>
        <option value="">Label as…</option>
        ${classNames.map((name, label) => html`<option value=${label}>${name}</option>`)}
        <option value=${NO_LABEL}>no label</option>
      </select>
      <button class="btn btn-link btn-sm" type="button" data-action="clear-selection">Clear</button>
    </div>`;
  }

  #label = (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const { value } = select;
    select.value = "";
    if (value) this.store.setLabel(this.selection.indices, value === NO_LABEL ? null : Number(value));
  };
}
