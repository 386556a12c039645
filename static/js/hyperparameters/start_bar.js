/** Bar below the form: the number of changes, notes and summary of the start, the name of the run and the start button. */

/** @import {FieldNote, Hyperparameters} from "../../../types/api.js" */

import { counted } from "../core/format.js";
import { html, nothing } from "../core/html.js";
import { noteTemplate } from "../diagnosis/preflight_note.js";
import { questionTemplate } from "./form_notices.js";

/**
 * @typedef {object} StartBar
 * @property {number} changeCount number of fields that differ from the preset or the defaults
 * @property {string} basis "preset" or "defaults"
 * @property {string[]} question reasons to ask before the run starts
 * @property {FieldNote[]} notes notes that no visible field shows
 * @property {string} summary description of the configuration before the first step
 * @property {string} nameError
 * @property {boolean} starting
 *
 * @typedef {object} StartBarEvents
 * @property {() => void} onReset
 * @property {() => void} onCancel
 * @property {() => void} onConfirm
 * @property {(changes: Hyperparameters) => void} onRemedy
 */

/** @param {StartBar} bar @param {StartBarEvents} events */
export function startBarTemplate(bar, { onReset, onCancel, onConfirm, onRemedy }) {
  const { changeCount, basis, question, notes, summary, nameError, starting } = bar;
  return html`<div class="card-footer sticky-bottom">
    <p class="hstack justify-content-between small ps-2 mb-2" id="changes" ?hidden=${changeCount === 0}>
      <span class="changed-mark">${counted(changeCount, "change")} from the ${basis}</span>
      <button class="btn btn-link btn-sm" type="button" @click=${onReset}>Reset all</button>
    </p>
    <div id="start-notes">${notes.map((note, index) => noteTemplate(note, `start-note-${index}`, onRemedy))}</div>
    ${question.length ? questionTemplate(question, { onCancel, onStart: onConfirm }) : nothing}
    <p class="form-text num start-summary mt-0 mb-2" id="start-summary">${summary}</p>
    <div class="hstack gap-2">
      <input class="form-control ${nameError ? "is-invalid" : ""}" id="field-name" name="name" maxlength="200" autocomplete="off"
        placeholder="Name (optional)" aria-label="Name of the run" aria-describedby="field-name-error" aria-invalid=${nameError !== ""}>
      <button class="btn btn-primary text-nowrap" id="start" type="submit" aria-describedby="start-summary" ?disabled=${starting}>
        ${starting ? "Starting…" : "Start training"}
      </button>
    </div>
    <p class="invalid-feedback mb-0 ${nameError ? "d-block" : ""}" id="field-name-error">${nameError}</p>
  </div>`;
}
