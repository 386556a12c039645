/** Note about a configuration: one sentence, and a button that applies the remedy. */

/** @import {FieldNote, Hyperparameters} from "../../../types/api.js" */

import { html, nothing } from "../core/html.js";

/**
 * @param {FieldNote} note
 * @param {string} id
 * @param {(changes: Hyperparameters) => void} onRemedy
 */
export function noteTemplate(note, id, onRemedy) {
  const { text, remedy } = note;
  return html`<div class="form-text d-flex align-items-baseline gap-2 mb-1" data-part="note">
    <span class="text-warning-emphasis" aria-hidden="true">⚠</span>
    <div>
      <span id=${id}>${text}</span>
      ${
        remedy
          ? html`<button class="btn btn-link btn-sm px-0 text-start" type="button" @click=${() => onRemedy(/** @type {Hyperparameters} */ (remedy.changes))}>${remedy.label}</button>`
          : nothing
      }
    </div>
  </div>`;
}
