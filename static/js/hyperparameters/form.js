/**
 * The form of all hyperparameters, drawn from the schema that the server sends.
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").Value} Value
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { element } from "../core/dom.js";
import { HyperparameterField } from "./field.js";
import { problemWith } from "./field_value.js";

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
    for (const info of schema.fields) this.fields.set(info.name, new HyperparameterField(info, () => this.#changed()));
    parent.replaceChildren(...schema.groups.map((group) => this.#group(group)));
    this.#apply();
  }

  /** The value of every field, whether it applies or not. @returns {Hyperparameters} */
  get values() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value]));
  }

  /** The fields that apply and have another value than the preset. */
  get changed() {
    return [...this.fields.values()].filter((field) => field.changed && !field.element.hidden);
  }

  /** The values that differ from the preset, which the server needs beside it. @returns {Hyperparameters} */
  get differences() {
    return Object.fromEntries(this.changed.map((field) => [field.info.name, field.value]));
  }

  /**
   * Take over what a preset says, as the values and as what they are compared with.
   * @param {Hyperparameters} baseline what it leaves out has the schema's default
   */
  setBaseline(baseline) {
    for (const field of this.fields.values()) {
      field.baseline = baseline[field.info.name] ?? field.info.default;
      field.setError("");
    }
    this.set(Object.fromEntries([...this.fields].map(([name, field]) => [name, field.baseline])));
  }

  /** @param {Hyperparameters} values of some fields */
  set(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.fields.get(name);
      if (field) field.value = value;
    }
    for (const field of this.changed) reveal(field);
    this.#changed();
  }

  /**
   * Show what is wrong where it is wrong.
   * @param {Record<string, string>} messages by field
   */
  showErrors(messages) {
    for (const [name, field] of this.fields) {
      field.setError(messages[name] ?? "");
      if (messages[name]) reveal(field);
    }
  }

  /** The errors that the page can detect in fields that apply. @returns {Record<string, string>} */
  problems() {
    const problems = [...this.fields].map(([name, field]) => [
      name,
      field.element.hidden ? "" : problemWith(field.info, field.value),
    ]);
    return Object.fromEntries(problems.filter(([, message]) => message));
  }

  /** @param {{name: string, title: string}} group */
  #group({ name, title }) {
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

  #changed() {
    this.#apply();
    this.onChange();
  }

  /** Hide the fields that do not apply, and the disclosures that would open on nothing. */
  #apply() {
    const values = this.values;
    for (const { info, element: place } of this.fields.values()) {
      place.hidden = !Object.entries(info.applies_when).every(([name, allowed]) => allowed.includes(values[name]));
    }
    for (const details of new Set([...this.fields.values()].map((field) => field.element.closest("details")))) {
      if (details) details.hidden = [...details.querySelectorAll(".field")].every((field) => field.matches("[hidden]"));
    }
  }
}

/** @param {HyperparameterField} field */
function reveal(field) {
  const details = field.element.closest("details");
  if (details) details.open = true;
}
