/** Form field of one hyperparameter: label, input, unit, error, hint, help, and a button that resets it. */

/** @import {FieldNote, Hyperparameters} from "../../../types/api.js" */
/** @import {FieldState} from "./form_state.js" */

import { html, live, nothing } from "../core/html.js";
import { noteTemplate } from "../diagnosis/preflight_note.js";
import { selectOptions } from "../ui/choices.js";
import { choiceName, nameChoices, valueName } from "./display_names.js";

/** @typedef {(field: FieldState) => void} FieldListener */
/** @typedef {{onReset: FieldListener, onHelp: FieldListener, onRemedy: (changes: Hyperparameters) => void}} FieldEvents */

/**
 * Return the template of a field. Its owner listens to the events `input` and `change`.
 * @param {FieldState} field
 * @param {boolean} applies false hides the field
 * @param {unknown} hint text or template below the input, or ""
 * @param {FieldNote | undefined} note
 * @param {FieldEvents} events
 */
export function fieldTemplate(field, applies, hint, note, { onReset, onHelp, onRemedy }) {
  const { info, error, changed, helpOpen } = field;
  const { label, unit, help, glossary_term: term } = info;
  const id = `field-${info.name}`;
  const parts = [error && "error", unit && "unit", hint && "hint", note && "note", "help"].filter(Boolean);
  return html`<div class="field row align-items-center py-1" ?hidden=${!applies}>
    <div class="col hstack">
      <label class="lh-sm ${changed ? "changed-mark" : ""}" for=${id}>${label}</label>
      <button class="btn btn-link btn-sm field-button" type="button" aria-label="Help for ${label}"
        aria-controls="${id}-help" aria-expanded=${helpOpen} @click=${() => onHelp(field)}>?</button>
    </div>
    <div class="col-auto field-control">
      <div class="input-group align-items-center ${info.type === "choice" ? "" : "input-group-sm"}">
        ${inputTemplate(field, id, parts.map((part) => `${id}-${part}`).join(" "))}
        ${unit ? html`<span class="input-group-text" id="${id}-unit">${unit}</span>` : nothing}
        ${changed ? resetButton(field, onReset) : nothing}
      </div>
    </div>
    ${error ? html`<p class="invalid-feedback d-block mb-1" id="${id}-error">${nameChoices(error, info)}</p>` : nothing}
    ${hint ? html`<p class="form-text num mb-1" id="${id}-hint">${hint}</p>` : nothing}
    ${note ? noteTemplate(note, `${id}-note`, onRemedy) : nothing}
    <div class="form-text field-help" id="${id}-help" ?hidden=${!helpOpen}>
      ${nameChoices(help, info)} ${term ? html`<a class="d-block py-1" href=${term.address}>Glossary: ${term.name}</a>` : nothing}
    </div>
  </div>`;
}

/** @param {FieldState} field @param {FieldListener} onReset */
function resetButton(field, onReset) {
  const { label, choice_names: names } = field.info;
  const presetValue = valueName(field.baseline, names);
  return html`<button class="btn btn-outline-secondary btn-sm" type="button" title="Reset to ${presetValue}"
    aria-label="${label}: reset to ${presetValue}" @click=${() => onReset(field)}>↺</button>`;
}

/**
 * Return the template of the input: a menu, a switch or a text field.
 * @param {FieldState} field
 * @param {string} id
 * @param {string} description ids of the texts that describe the input
 */
function inputTemplate({ info, text, error }, id, description) {
  const { name, type, choices, choice_names: names } = info;
  const invalid = error !== "";
  if (type === "boolean") {
    return html`<div class="form-check form-switch mb-0"><input class="form-check-input" type="checkbox" role="switch"
      id=${id} name=${name} aria-describedby=${description} .checked=${live(text === "true")}></div>`;
  }
  if (type === "choice") {
    return html`<select class="form-select form-select-sm ${invalid ? "is-invalid" : ""}" id=${id} name=${name}
      aria-describedby=${description} aria-invalid=${invalid}>
      ${selectOptions(
        (choices ?? []).map((choice) => [choice, choiceName(choice, names)]),
        text,
      )}
    </select>`;
  }
  const keyboard = { number: "decimal", integer: "numeric", sizes: "text" }[type];
  return html`<input class="form-control num ${invalid ? "is-invalid" : ""}" id=${id} name=${name} inputmode=${keyboard}
    autocomplete="off" spellcheck="false" aria-describedby=${description} aria-invalid=${invalid} .value=${live(text)}>`;
}
