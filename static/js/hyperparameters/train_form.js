/**
 * Form of the train page: preset, hyperparameters, name and start button. The URL stores the values.
 *
 * @typedef {import("../../../types/api.js").Schema} Schema
 * @typedef {import("../../../types/api.js").Preset} Preset
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { ApiError, api } from "../core/api.js";
import { byId, element, setText } from "../core/dom.js";
import { counted } from "../core/format.js";
import { HyperparameterForm } from "./form.js";
import { baselineOf, NO_PRESET, pageQuery, readQuery, writeQuery } from "./form_url.js";
import { describeData, describeNetwork } from "./network_summary.js";
import { PresetPicker } from "./preset_picker.js";

const URL_DELAY = 200; // ms from the last keystroke to the update of the URL

export class TrainForm {
  /**
   * @param {{schema: Schema, presets: readonly Preset[], datasets: readonly DatasetInfo[]}} choices
   * @param {(run: Run) => void} onStarted
   */
  constructor({ schema, presets, datasets }, onStarted) {
    this.schema = schema;
    this.presets = presets;
    this.datasets = datasets;
    this.onStarted = onStarted;
    this.name = /** @type {HTMLInputElement} */ (byId("run-name"));
    this.summary = byId("form-problems");
    this.start = /** @type {HTMLButtonElement} */ (byId("start"));
    /** @type {number | undefined} */
    this.urlTimer = undefined;
    this.picker = new PresetPicker(presets, (preset) => this.usePreset(preset));
    this.form = new HyperparameterForm(byId("fields"), schema, () => this.#handleChange());
    byId("train-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    byId("reset-all").addEventListener("click", () => {
      this.usePreset(this.picker.selected);
      byId("preset").focus();
    });
    this.#fillFromUrl();
    this.start.disabled = false;
  }

  /** Fill the form with a preset. @param {Preset | null} preset null: the schema's defaults */
  usePreset(preset) {
    this.picker.select(preset);
    this.form.setBaseline(baselineOf(this.schema, preset));
    this.#showErrors({});
  }

  /**
   * Fill the form with the hyperparameters of a run, and apply changes to them.
   * @param {Run} run
   * @param {Hyperparameters} [changes]
   */
  useRun(run, changes = {}) {
    this.usePreset(this.presets.find(({ id }) => id === run.preset) ?? null);
    this.form.setValues({ ...run.hyperparameters, ...changes });
  }

  /**
   * Fill the form with the hyperparameters of a run and the changes of a remedy, and focus the first changed field.
   * @param {Run} run
   * @param {Hyperparameters} changes
   */
  applyRemedy(run, changes) {
    this.useRun(run, changes);
    const [first] = Object.keys(changes);
    (this.form.fields.get(first)?.input ?? this.start).focus();
  }

  /** Start a run with the values of the form. */
  async submit() {
    const errors = this.form.validate();
    this.#showErrors(errors);
    if (Object.keys(errors).length) return this.summary.focus();
    const preset = this.picker.selected;
    const name = this.name.value.trim();
    this.start.disabled = true;
    setText(this.start, "Starting…");
    try {
      const hyperparameters = this.form.differences;
      const run = await api.post("/api/runs", {
        ...(preset && { preset: preset.id }),
        ...(name && { name }),
        hyperparameters,
      });
      this.name.value = "";
      this.onStarted(run);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#showErrors(error.fields, error.message);
      this.summary.focus();
    } finally {
      this.start.disabled = false;
      setText(this.start, "Start training");
    }
  }

  /** Values of the form as URL query parameters. */
  get query() {
    return writeQuery(this.schema, this.picker.selected, this.form.differences);
  }

  /** Fill the form with the values of the URL. */
  #fillFromUrl() {
    const query = new URLSearchParams(location.search);
    const values = readQuery(this.schema, query);
    const id = query.get("preset") ?? (Object.keys(values).length ? NO_PRESET : this.presets[0]?.id);
    this.usePreset(this.presets.find((preset) => preset.id === id) ?? null);
    this.form.setValues(values);
    this.form.showErrors(this.form.validate());
  }

  #handleChange() {
    // The form also reports a change while its constructor runs, before `this.form` is set.
    if (!this.form) return;
    const { values, changed } = this.form;
    const dataset = this.datasets.find(({ name }) => name === values.dataset);
    this.form.fields.get("dataset")?.setHint(describeData(dataset, values));
    this.form.fields.get("hidden_sizes")?.setHint(describeNetwork(dataset, values));
    byId("changes").hidden = changed.length === 0;
    setText(
      byId("change-count"),
      `${counted(changed.length, "change")} from the ${this.picker.selected ? "preset" : "defaults"}`,
    );
    window.clearTimeout(this.urlTimer);
    this.urlTimer = window.setTimeout(() => this.writeUrl(), URL_DELAY);
  }

  /** Store the values of the form in the URL, and keep the parameters `run` and `x`. */
  writeUrl() {
    const { query } = this;
    const page = pageQuery();
    if (this.picker.selected === this.presets[0] && query.size === 1 && !page.has("run")) query.delete("preset");
    for (const [name, value] of page) query.set(name, value);
    const search = query.size ? `?${query.toString().replaceAll("%2C+", ",")}` : "";
    if (search !== location.search) history.replaceState(null, "", location.pathname + search);
  }

  /**
   * Show errors beside their fields, and list all of them above the button.
   * @param {Record<string, string>} errors messages by field name
   * @param {string} [message] message to show if no field has an error
   */
  #showErrors(errors, message = "") {
    this.form.showErrors(errors);
    this.name.setAttribute("aria-invalid", String("name" in errors));
    this.name.setAttribute("aria-describedby", "name" in errors ? this.summary.id : "");
    const items = Object.entries(errors).map(([name, error]) => {
      const field = this.form.fields.get(name);
      const link = element("a", { href: `#${field ? field.input.id : "run-name"}` }, field?.info.label ?? name);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        (field?.input ?? this.name).focus();
      });
      return element("li", {}, link, ` ${error}`);
    });
    const hasErrors = items.length > 0;
    this.summary.hidden = !hasErrors && !message;
    const title = hasErrors
      ? `${counted(items.length, "value")} ${items.length === 1 ? "is" : "are"} invalid`
      : message;
    this.summary.replaceChildren(element("p", {}, title), hasErrors ? element("ul", {}, ...items) : "");
  }
}
