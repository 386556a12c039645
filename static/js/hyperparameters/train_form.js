/**
 * Left side of the train page: a preset, the form, a name, and the start button. The URL holds the values.
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

const QUIET = 200; // ms after the last keystroke before the address follows

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
    this.writing = undefined;
    this.picker = new PresetPicker(presets, (preset) => this.usePreset(preset));
    this.form = new HyperparameterForm(byId("fields"), schema, () => this.#changed());
    byId("train-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    byId("reset-all").addEventListener("click", () => {
      this.usePreset(this.picker.chosen);
      byId("preset").focus();
    });
    this.#readAddress();
    this.start.disabled = false;
  }

  /** @param {Preset | null} preset null: the schema's defaults */
  usePreset(preset) {
    this.picker.choose(preset);
    this.form.setBaseline(baselineOf(this.schema, preset));
    this.#complain({});
  }

  /**
   * Fill the form as a run was, with some changes.
   * @param {Run} run
   * @param {Hyperparameters} [changes]
   */
  useRun(run, changes = {}) {
    this.usePreset(this.presets.find(({ id }) => id === run.preset) ?? null);
    this.form.set({ ...run.hyperparameters, ...changes });
  }

  /**
   * Fill the form as a run was, with changes that may help, and go there.
   * @param {Run} run
   * @param {Hyperparameters} changes
   */
  tryAgain(run, changes) {
    this.useRun(run, changes);
    const [first] = Object.keys(changes);
    (this.form.fields.get(first)?.input ?? this.start).focus();
  }

  /** Start a run of what is in the form. */
  async submit() {
    const problems = this.form.problems();
    this.#complain(problems);
    if (Object.keys(problems).length) return this.summary.focus();
    const preset = this.picker.chosen;
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
      this.#complain(error.fields, error.message);
      this.summary.focus();
    } finally {
      this.start.disabled = false;
      setText(this.start, "Start training");
    }
  }

  /** The values of the form as URL query parameters. */
  get query() {
    return writeQuery(this.schema, this.picker.chosen, this.form.differences);
  }

  #readAddress() {
    const query = new URLSearchParams(location.search);
    const values = readQuery(this.schema, query);
    const id = query.get("preset") ?? (Object.keys(values).length ? NO_PRESET : this.presets[0]?.id);
    this.usePreset(this.presets.find((preset) => preset.id === id) ?? null);
    this.form.set(values);
    this.form.showErrors(this.form.problems());
  }

  #changed() {
    // The form tells of its first drawing too, before this has it.
    if (!this.form) return;
    const { values, changed } = this.form;
    const dataset = this.datasets.find(({ name }) => name === values.dataset);
    this.form.fields.get("dataset")?.setHint(describeData(dataset, values));
    this.form.fields.get("hidden_sizes")?.setHint(describeNetwork(dataset, values));
    byId("changes").hidden = changed.length === 0;
    setText(
      byId("change-count"),
      `${counted(changed.length, "change")} from the ${this.picker.chosen ? "preset" : "defaults"}`,
    );
    window.clearTimeout(this.writing);
    this.writing = window.setTimeout(() => this.writeAddress(), QUIET);
  }

  /** Let the address say what is in the form; what it says of the page stays. */
  writeAddress() {
    const { query } = this;
    const page = pageQuery();
    if (this.picker.chosen === this.presets[0] && query.size === 1 && !page.has("run")) query.delete("preset");
    for (const [name, value] of page) query.set(name, value);
    const search = query.size ? `?${query.toString().replaceAll("%2C+", ",")}` : "";
    if (search !== location.search) history.replaceState(null, "", location.pathname + search);
  }

  /**
   * Show problems beside their fields, and all of them above the button.
   * @param {Record<string, string>} problems by field
   * @param {string} [message] where no field is to blame
   */
  #complain(problems, message = "") {
    this.form.showErrors(problems);
    this.name.setAttribute("aria-invalid", String("name" in problems));
    this.name.setAttribute("aria-describedby", "name" in problems ? this.summary.id : "");
    const items = Object.entries(problems).map(([name, problem]) => {
      const field = this.form.fields.get(name);
      const link = element("a", { href: `#${field ? field.input.id : "run-name"}` }, field?.info.label ?? name);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        (field?.input ?? this.name).focus();
      });
      return element("li", {}, link, ` ${problem}`);
    });
    const some = items.length > 0;
    this.summary.hidden = !some && !message;
    const title = some ? `${counted(items.length, "value")} ${items.length === 1 ? "is" : "are"} invalid` : message;
    this.summary.replaceChildren(element("p", {}, title), some ? element("ul", {}, ...items) : "");
  }
}
