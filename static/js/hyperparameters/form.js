/**
 * Form of all hyperparameters, generated from the schema of the server.
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").Value} Value
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { element } from "../core/dom.js";
import { HyperparameterField } from "./field.js";
import { findError } from "./field_value.js";

export class HyperparameterForm {
  /**
   * @param {HTMLElement} parent
   * @param {Schema} schema
   * @param {() => void} onChange
   */
  constructor(parent, schema, onChange) {
    this.onChange = onChange;
    /** @type {Map<string, HyperparameterField>} */
    this.fields = new Map();
    for (const info of schema.fields)
      this.fields.set(info.name, new HyperparameterField(info, () => this.#handleChange()));
    parent.replaceChildren(...schema.groups.map((group) => this.#createGroup(group)));
    this.#updateVisibility();
  }

  /** Values of all fields, including those that do not apply. @returns {Hyperparameters} */
  get values() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value]));
  }

  /** Fields that apply and differ from the preset. */
  get changed() {
    return [...this.fields.values()].filter((field) => field.changed && !field.element.hidden);
  }

  /** Values that differ from the preset. @returns {Hyperparameters} */
  get differences() {
    return Object.fromEntries(this.changed.map((field) => [field.info.name, field.value]));
  }

  /**
   * Set all fields to the values of a preset. From then on, a field is marked if it differs from these values.
   * @param {Hyperparameters} baseline values by field name; a missing field gets the schema's default
   */
  setBaseline(baseline) {
    for (const field of this.fields.values()) {
      field.baseline = baseline[field.info.name] ?? field.info.default;
      field.setError("");
    }
    this.setValues(Object.fromEntries([...this.fields].map(([name, field]) => [name, field.baseline])));
  }

  /** Set some fields. @param {Hyperparameters} values values by field name */
  setValues(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.fields.get(name);
      if (field) field.value = value;
    }
    for (const field of this.changed) openDisclosure(field);
    this.#handleChange();
  }

  /**
   * Show each message beside its field, and remove the messages of all other fields.
   * @param {Record<string, string>} messages messages by field name
   */
  showErrors(messages) {
    for (const [name, field] of this.fields) {
      field.setError(messages[name] ?? "");
      if (messages[name]) openDisclosure(field);
    }
  }

  /** Return the errors of the fields that apply, by field name. @returns {Record<string, string>} */
  validate() {
    const errors = [...this.fields].map(([name, field]) => [
      name,
      field.element.hidden ? "" : findError(field.info, field.value),
    ]);
    return Object.fromEntries(errors.filter(([, message]) => message));
  }

  /** @param {{name: string, title: string}} group */
  #createGroup({ name, title }) {
    const fields = [...this.fields.values()].filter((field) => field.info.group === name);
    const plain = fields.filter((field) => !field.info.advanced);
    const advanced = fields.filter((field) => field.info.advanced);
    const set = element("fieldset", { className: "field-group" }, element("legend", {}, title));
    set.append(...plain.map((field) => field.element));
    if (advanced.length) {
      const summary = element(
        "summary",
        {},
        "Advanced",
        element("span", { className: "visually-hidden" }, `: ${title}`),
      );
      const inner = advanced.map((field) => field.element);
      set.append(element("details", { className: "field-advanced" }, summary, ...inner));
    }
    return set;
  }

  #handleChange() {
    this.#updateVisibility();
    this.onChange();
  }

  /** Hide the fields that do not apply. Hide each <details> element in which no field applies. */
  #updateVisibility() {
    const values = this.values;
    for (const { info, element: container } of this.fields.values()) {
      container.hidden = !Object.entries(info.applies_when).every(([name, allowed]) => allowed.includes(values[name]));
    }
    for (const details of new Set([...this.fields.values()].map((field) => field.element.closest("details")))) {
      if (details) details.hidden = [...details.querySelectorAll(".field")].every((field) => field.matches("[hidden]"));
    }
  }
}

/** If a <details> element contains the field, open it. @param {HyperparameterField} field */
function openDisclosure(field) {
  const details = field.element.closest("details");
  if (details) details.open = true;
}
