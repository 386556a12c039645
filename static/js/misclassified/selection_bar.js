/** Bar with the actions on the selected images: flag, label, clear. */
import { counted } from "../core/format.js";
import { html } from "../core/html.js";

/** @import {AnnotationStore} from "../annotations/annotation_store.js" */
/** @import {Selection} from "../ui/multi_select.js" */

const NO_LABEL = "none";

/** @param {Selection} selection @param {AnnotationStore} store @param {string[]} classNames */
export function selectionBar({ indices, size }, store, classNames) {
  const flagged = indices.every((index) => store.get(index).flagged);
  const setLabel = (/** @type {{target: HTMLSelectElement}} */ { target }) => {
    const { value } = target;
    target.value = "";
    if (value) store.setLabel(indices, value === NO_LABEL ? null : Number(value));
  };
  return html`<div class="selection alert alert-info hstack flex-wrap gap-2 mb-2 p-2" id="selection" role="region"
    aria-label="Selected images" ?hidden=${size === 0}>
    <strong class="num" role="status">${counted(size, "image")} selected</strong>
    <button class="btn btn-outline-secondary btn-sm" type="button" @click=${() => store.setFlag(indices)}>
      ${flagged ? "Remove flags" : "Flag"}
    </button>
    <select class="form-select form-select-sm w-auto" aria-label="Label the selected images as" @change=${setLabel}>
      <option value="">Label as…</option>
      ${classNames.map((name, label) => html`<option value=${label}>${name}</option>`)}
      <option value=${NO_LABEL}>no label</option>
    </select>
    <button class="btn btn-link btn-sm" type="button" data-action="clear-selection">Clear</button>
  </div>`;
}
