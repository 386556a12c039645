/** List of the hyperparameters of a run, grouped as in the form. Values that differ from the default are marked. */

/** @import {FieldInfo, Hyperparameters, Schema} from "../../../types/api.js" */

import { html, nothing, render } from "../core/html.js";
import { nameChoices, valueName } from "./display_names.js";
import { fieldApplies, sameValue } from "./field_value.js";

/**
 * Show the hyperparameters that apply to a run.
 * @param {HTMLElement} root
 * @param {Schema} schema
 * @param {Hyperparameters} values
 */
export function renderHyperparameters(root, schema, values) {
  const groups = schema.groups.map(({ name, title }) => {
    const fields = schema.fields.filter((field) => field.group === name && field.name in values);
    const rows = fields.filter((field) => fieldApplies(field, values)).map((field) => hyperparameterRow(field, values));
    return html`<section>
      <h3 class="mb-1">${title}</h3>
      <dl class="choices num">
        ${rows.map(
          ({ label, help, text, defaultText }) => html`<div class=${defaultText ? "choices-changed" : ""} title=${help}>
            <dt>${label}</dt>
            <dd>${text}${defaultText ? html` <span class="choices-default">${defaultText}</span>` : nothing}</dd>
          </div>`,
        )}
      </dl>
    </section>`;
  });
  render(groups, root);
}

/**
 * Return the texts of a row; the default is empty if the value equals it.
 * @param {FieldInfo} field
 * @param {Hyperparameters} values
 */
export function hyperparameterRow(field, values) {
  const value = values[field.name];
  const unit = field.unit && typeof value === "number" ? ` ${field.unit}` : "";
  const changed = !sameValue(value, field.default);
  return {
    label: field.label,
    help: nameChoices(field.help, field),
    text: `${valueName(value, field.choice_names)}${unit}`,
    defaultText: changed ? `default ${valueName(field.default, field.choice_names)}` : "",
  };
}
