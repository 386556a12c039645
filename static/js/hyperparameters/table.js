/**
 * List of the hyperparameters of a run, grouped as in the form. Values that differ from the default are marked.
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").FieldInfo} FieldInfo
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { element } from "../core/dom.js";
import { valueName } from "./display_names.js";
import { sameValue } from "./field_value.js";

/**
 * Show the hyperparameters that apply to a run.
 * @param {HTMLElement} parent
 * @param {Schema} schema
 * @param {Hyperparameters} values
 */
export function renderHyperparameters(parent, schema, values) {
  const applies = (/** @type {FieldInfo} */ field) =>
    Object.entries(field.applies_when).every(([name, allowed]) => allowed.includes(values[name]));
  const groups = schema.groups.map(({ name, title }) => {
    const fields = schema.fields.filter((field) => field.group === name && field.name in values && applies(field));
    const rows = fields.map((field) => createRow(field, values));
    return element("section", {}, element("h3", {}, title), element("dl", { className: "choices num" }, ...rows));
  });
  parent.replaceChildren(...groups);
}

/** @param {FieldInfo} field @param {Hyperparameters} values */
function createRow(field, values) {
  const value = values[field.name];
  const changed = !sameValue(value, field.default);
  const unit = field.unit && typeof value === "number" ? ` ${field.unit}` : "";
  const defaultText = changed
    ? element("span", { className: "choices-default" }, `default ${valueName(field.default, field.choice_names)}`)
    : null;
  return element(
    "div",
    { className: changed ? "choices-changed" : "", title: field.help },
    element("dt", {}, field.label),
    element("dd", {}, `${valueName(value, field.choice_names)}${unit}`, defaultText && " ", defaultText),
  );
}
