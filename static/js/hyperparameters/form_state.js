/** State of the hyperparameter form: the text, the error and the preset's value of each field. */

/** @import {FieldInfo, Hyperparameters, Schema, Value} from "../../../types/api.js" */

import { fieldApplies, findError, readValue, sameValue, writeValue } from "./field_value.js";

export class FieldState {
  /** @param {FieldInfo} info */
  constructor(info) {
    this.info = info;
    /** Value of the preset. @type {Value} */
    this.baseline = info.default;
    /** Text of the input, also if it is not valid; "true" or "false" for a switch. */
    this.text = writeValue(info.default);
    /** Error message, or "" if the value is valid. */
    this.error = "";
    this.helpOpen = false;
  }

  /** @returns {Value} */
  get value() {
    return readValue(this.info, this.text);
  }

  set value(value) {
    this.text = writeValue(value);
  }

  /** True if the value differs from the preset's value. */
  get changed() {
    return !sameValue(this.value, this.baseline);
  }

  /** Validate the value, and set the error. */
  validate() {
    this.error = findError(this.info, this.value);
  }

  /** Validate the value. If it is valid, show it as the program writes it: 0,003 becomes 0.003. */
  accept() {
    this.validate();
    if (!this.error) this.text = writeValue(this.value);
  }

  /** Set the value to the preset's. */
  reset() {
    this.value = this.baseline;
    this.error = "";
  }
}

export class FormState {
  /** @param {Schema} schema */
  constructor(schema) {
    this.groups = schema.groups;
    /** @type {Map<string, FieldState>} */
    this.fields = new Map(schema.fields.map((info) => [info.name, new FieldState(info)]));
    /** Names of the groups whose advanced fields are visible. @type {Set<string>} */
    this.openGroups = new Set();
  }

  /** Values of all fields, including those that do not apply. @returns {Hyperparameters} */
  get values() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value]));
  }

  /** Fields that apply to the values of the other fields. */
  get applicable() {
    const { values } = this;
    return [...this.fields.values()].filter(({ info }) => fieldApplies(info, values));
  }

  /** Fields that apply and differ from the preset. */
  get changed() {
    return this.applicable.filter((field) => field.changed);
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
    for (const [name, field] of this.fields) {
      field.baseline = baseline[name] ?? field.info.default;
      field.reset();
    }
  }

  /** Set some fields. @param {Hyperparameters} values values by field name */
  setValues(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.fields.get(name);
      if (field) field.value = value;
    }
    this.#open(this.changed);
  }

  /**
   * Set the error of each field, and open the groups of the invalid fields.
   * @param {Record<string, string>} messages messages by name of the invalid fields
   * @param {{onlyNew?: boolean}} [options] `onlyNew`: open no group for a field that was invalid before
   */
  setErrors(messages, { onlyNew = false } = {}) {
    const before = [...this.fields.values()].filter((field) => field.error);
    for (const [name, field] of this.fields) field.error = messages[name] ?? "";
    const invalid = [...this.fields.values()].filter((field) => field.error);
    this.#open(onlyNew ? invalid.filter((field) => !before.includes(field)) : invalid);
  }

  /** Messages of the invalid fields that apply, by name. @returns {Record<string, string>} */
  get errors() {
    const found = this.applicable.map(({ info, value }) => [info.name, findError(info, value)]);
    return Object.fromEntries(found.filter(([, message]) => message));
  }

  /** Accept the values of the fields that apply, and return the messages of the invalid fields by name. */
  validate() {
    for (const field of this.applicable) field.accept();
    const { errors } = this;
    this.setErrors(errors);
    return errors;
  }

  /** Return true if the field applies and is not hidden among advanced fields. @param {string} name */
  isVisible(name) {
    const field = this.fields.get(name);
    if (!field || (field.info.advanced && !this.openGroups.has(field.info.group))) return false;
    return fieldApplies(field.info, this.values);
  }

  /** Show or hide the advanced fields of a group. @param {string} group @param {boolean} open */
  setOpen(group, open) {
    if (open) this.openGroups.add(group);
    else this.openGroups.delete(group);
  }

  /** Open the groups of the advanced fields in a list. @param {FieldState[]} fields */
  #open(fields) {
    for (const { info } of fields) if (info.advanced) this.setOpen(info.group, true);
  }
}
