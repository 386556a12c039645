/**
 * State of the train page in its URL. Parameters of the form: the preset, and the hyperparameters that differ from it.
 * Parameters of the page: the id of the run beside the form (`run`), and the x-axis of the charts (`x`).
 */

/** @import {Hyperparameters, Preset, Run, Schema} from "../../../types/api.js" */

import { readValue, sameValue, writeValue } from "./field_value.js";

/** Value of the URL parameter `preset` that stands for the schema's defaults. */
export const NO_PRESET = "none";

const PAGE_PARAMETERS = ["run", "x", "findings", "trials"];

/** Return the parameters of the page (`run` and `x`) in a query. @param {string} [search] */
export function pageQuery(search = location.search) {
  const all = queryOf(search);
  return new URLSearchParams([...all].filter(([name]) => PAGE_PARAMETERS.includes(name)));
}

/**
 * Return the query of an address. The address contains lists as 64,32, where the form shows 64, 32.
 * @param {string} [search]
 */
export function queryOf(search = location.search) {
  return new URLSearchParams(search.replaceAll(",", "%2C+"));
}

/**
 * Set a parameter of the page.
 * @param {"run" | "x" | "findings" | "trials"} name
 * @param {string | null} value null removes the parameter
 * @param {{push?: boolean}} [options] `push` adds an entry to the browser's history
 */
export function setPageParameter(name, value, { push = false } = {}) {
  const query = queryOf();
  if (value === null) query.delete(name);
  else query.set(name, value);
  writeSearch(searchOf(query), push);
}

/**
 * Show a query in the address, unless it is there already.
 * @param {string} search empty, or a query that begins with "?"
 * @param {boolean} push true for a new entry in the browser's history
 */
export function writeSearch(search, push) {
  if (search === location.search) return;
  if (push) history.pushState(null, "", location.pathname + search);
  else history.replaceState(null, "", location.pathname + search);
}

/** Return a query as text that begins with "?", or an empty text. @param {URLSearchParams} query */
function searchOf(query) {
  return query.size ? `?${query.toString().replaceAll("%2C+", ",")}` : "";
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
    if (text !== null) values[info.name] = readValue(info, info.type === "sizes" ? text : text.replaceAll(", ", ","));
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
 * Return the query of the train page: the values of the form, and the parameters `run` and `x` of the current query.
 * @param {URLSearchParams} form query of the form
 * @param {string} search current query
 * @param {string | undefined} firstPreset id of the preset that needs no parameter
 * @returns {string} empty, or a query that begins with "?"
 */
export function trainSearch(form, search, firstPreset) {
  const query = new URLSearchParams(form);
  const page = pageQuery(search);
  if (query.size === 1 && query.get("preset") === firstPreset && !page.has("run")) query.delete("preset");
  for (const [name, value] of page) query.set(name, value);
  return searchOf(query);
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
