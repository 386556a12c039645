/**
 * What is in the form, in the address: the preset, and only those hyperparameters that differ from it.
 *
 * @typedef {import("../../types/messages.js").Schema} Schema
 * @typedef {import("../../types/messages.js").Preset} Preset
 * @typedef {import("../../types/messages.js").Run} Run
 * @typedef {import("../../types/messages.js").Hyperparameters} Hyperparameters
 */

import { readValue, sameValue, writeValue } from "./field_value.js";

/** Stands in the address for the schema's defaults. */
export const NO_PRESET = "none";

/**
 * @param {Schema} schema
 * @param {Preset | null} preset
 * @returns {Hyperparameters} of every field
 */
export function baselineOf(schema, preset) {
  const defaults = Object.fromEntries(schema.fields.map((field) => [field.name, field.default]));
  return { ...defaults, ...preset?.hyperparameters };
}

/**
 * @param {Schema} schema
 * @param {URLSearchParams} query
 * @returns {Hyperparameters} of the fields that the address names
 */
export function readQuery(schema, query) {
  /** @type {Hyperparameters} */
  const values = {};
  for (const info of schema.fields) {
    const text = query.get(info.name);
    if (text !== null) values[info.name] = readValue(info, text);
  }
  return values;
}

/**
 * @param {Schema} schema
 * @param {Preset | null} preset
 * @param {Hyperparameters} values of some fields
 * @returns {URLSearchParams}
 */
export function writeQuery(schema, preset, values) {
  const baseline = baselineOf(schema, preset);
  const query = new URLSearchParams({ preset: preset?.id ?? NO_PRESET });
  for (const { name } of schema.fields) {
    if (name in values && !sameValue(values[name], baseline[name])) query.set(name, writeValue(values[name]));
  }
  return query;
}

/**
 * The address of the form, filled with the hyperparameters of a run.
 * @param {Schema} schema
 * @param {readonly Preset[]} presets
 * @param {Run} run
 */
export function trainAgainAddress(schema, presets, run) {
  const preset = presets.find(({ id }) => id === run.preset) ?? null;
  return `/?${writeQuery(schema, preset, run.hyperparameters)}`;
}
