/** Notices of the form: the errors of the last submission, and the question before a run that needs much. */

import { counted } from "../core/format.js";
import { html } from "../core/html.js";

/**
 * Return the summary of the errors of the last submission, with links to the fields.
 * @param {{fields: Record<string, string>, message: string}} problems messages by field name, and the message if no
 *   field has an error
 * @param {(name: string) => string} labelOf returns the label of a field
 * @param {(name: string) => void} onChoose called with the name of the field whose link was followed
 */
export function problemsTemplate({ fields, message }, labelOf, onChoose) {
  const errors = Object.entries(fields);
  const { length } = errors;
  const title = length ? `${counted(length, "value")} ${length === 1 ? "is" : "are"} invalid` : message;
  const items = errors.map(([name, text]) => {
    const focus = (/** @type {Event} */ event) => {
      event.preventDefault();
      onChoose(name);
    };
    return html`<li><a href="#field-${name}" @click=${focus}>${labelOf(name)}</a> ${text}</li>`;
  });
  return html`<div class="alert alert-danger small" id="form-problems" tabindex="-1" ?hidden=${!title}>
    <p class="fw-semibold mb-0">${title}</p>
    <ul class="mb-0 ps-3" ?hidden=${length === 0}>${items}</ul>
  </div>`;
}

/**
 * Return the question before a run that needs much memory or time.
 * @param {string[]} reasons
 * @param {{onCancel: () => void, onStart: () => void}} events
 */
export function questionTemplate(reasons, { onCancel, onStart }) {
  return html`<div class="alert alert-warning small mb-2" id="question" role="alert">
    <p class="mb-2">${reasons.join(" ")} Start it anyway?</p>
    <div class="hstack gap-2 justify-content-end">
      <button class="btn btn-outline-secondary btn-sm" type="button" id="question-cancel" @click=${onCancel}>Cancel</button>
      <button class="btn btn-primary btn-sm" type="button" @click=${onStart}>Start anyway</button>
    </div>
  </div>`;
}
