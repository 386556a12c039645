/**
 * State of the train page in its URL. Parameters of the form: the preset, and the hyperparameters that differ from it.
 * Parameters of the page: the id of the run beside the form (`run`), and the x-axis of the charts (`x`).
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").Preset} Preset
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { readValue, sameValue, writeValue } from "./field_value.js";

/** Value of the URL parameter `preset` that stands for the schema's defaults. */
export const NO_PRESET = "none";

const PAGE_PARAMETERS = ["run", "x"];

/** Return the parameters of the page (`run` and `x`). */
export function pageQuery() {
  const all = new URLSearchParams(location.search);
  return new URLSearchParams([...all].filter(([name]) => PAGE_PARAMETERS.includes(name)));
}

/**
 * Set a parameter of the page, without an entry in the browser history.
 * @param {"run" | "x"} name
 * @param {string | null} value null removes the parameter
 */
export function setPageParameter(name, value) {
  const query = new URLSearchParams(location.search);
  if (value === null) query.delete(name);
  else query.set(name, value);
  const search = query.size ? `?${query}` : "";
  history.replaceState(null, "", location.pathname + search);
}

/**
 * Return the value of every field: the preset's value, or else the schema's default.
 * @param {Schema} schema
 * @param {Preset | null} preset
 * @returns {Hyperparameters}
 */
export function baselineOf(schema, preset) {
  const defaults = Object.fromEntries(schema.fields.map((field) => [field.name, field.default]));
  return { ...defaults, ...preset?.hyperparameters };
}

/**
 * Parse the hyperparameters in a query.
 * @param {Schema} schema
 * @param {URLSearchParams} query
 * @returns {Hyperparameters}
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
 * Return the query for a preset and the values that differ from it.
 * @param {Schema} schema
 * @param {Preset | null} preset
 * @param {Hyperparameters} values values by field name; a missing field has the preset's value
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
 * Return the URL of the form filled with the hyperparameters of a run.
 * @param {Schema} schema
 * @param {readonly Preset[]} presets
 * @param {Run} run
 */
export function reuseUrl(schema, presets, run) {
  const preset = presets.find(({ id }) => id === run.preset) ?? null;
  return `/?${writeQuery(schema, preset, run.hyperparameters)}`;
}
