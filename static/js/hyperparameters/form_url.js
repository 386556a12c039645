/**
 * The form in the URL: the preset, and only the hyperparameters that differ from it. The URL also holds the run that
 * the page shows and the horizontal axis of its charts.
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").Preset} Preset
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { readValue, sameValue, writeValue } from "./field_value.js";

/** Stands in the address for the schema's defaults. */
export const NO_PRESET = "none";

const OF_THE_PAGE = ["run", "x"];

/** The query parameters of the page, without those of the form. */
export function pageQuery() {
  const all = new URLSearchParams(location.search);
  return new URLSearchParams([...all].filter(([name]) => OF_THE_PAGE.includes(name)));
}

/**
 * Change what the address says of the page; no step of the back button.
 * @param {"run" | "x"} name
 * @param {string | null} value null takes it out
 */
export function setInPageQuery(name, value) {
  const query = new URLSearchParams(location.search);
  if (value === null) query.delete(name);
  else query.set(name, value);
  const search = query.size ? `?${query}` : "";
  history.replaceState(null, "", location.pathname + search);
}

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
export function reuseAddress(schema, presets, run) {
  const preset = presets.find(({ id }) => id === run.preset) ?? null;
  return `/?${writeQuery(schema, preset, run.hyperparameters)}`;
}
