/** Groups of form fields. The advanced fields of a group are in a <details> element. */

/** @import {FieldNote} from "../../../types/api.js" */
/** @import {FieldEvents} from "./field.js" */
/** @import {FieldState, FormState} from "./form_state.js" */

import { html, live, nothing } from "../core/html.js";
import { fieldTemplate } from "./field.js";

/**
 * Return the template of all groups.
 * @param {FormState} state
 * @param {Record<string, unknown>} hints texts or templates below the inputs, by field name
 * @param {Record<string, FieldNote>} notes by field name
 * @param {FieldEvents & {onToggle: () => void}} events `onToggle`: a person has opened or closed the advanced fields
 */
export function groupsTemplate(state, hints, notes, { onToggle, ...events }) {
  const applicable = new Set(state.applicable);
  const template = (/** @type {FieldState} */ field) =>
    fieldTemplate(field, applicable.has(field), hints[field.info.name] ?? "", notes[field.info.name], events);
  return state.groups.map(({ name, title }) => {
    const fields = [...state.fields.values()].filter(({ info }) => info.group === name);
    const advanced = fields.filter(({ info }) => info.advanced);
    const toggle = (/** @type {{target: HTMLDetailsElement}} */ { target }) => {
      if (target.open === state.openGroups.has(name)) return;
      state.setOpen(name, target.open);
      onToggle();
    };
    return html`<fieldset>
      <legend class="fs-6 fw-semibold border-bottom pb-1 mb-1">${title}</legend>
      ${fields.filter(({ info }) => !info.advanced).map(template)}
      ${
        advanced.length
          ? html`<details ?hidden=${!advanced.some((field) => applicable.has(field))}
              .open=${live(state.openGroups.has(name))} @toggle=${toggle}>
              <summary class="small text-body-secondary py-1">Advanced<span class="visually-hidden">: ${title}</span></summary>
              ${advanced.map(template)}
            </details>`
          : nothing
      }
    </fieldset>`;
  });
}
