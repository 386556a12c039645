/** Form of the train page: preset, hyperparameters, name and start button. The URL stores the values. */

/** @import {FieldNote, Hyperparameters, Preset, Run} from "../../../types/api.js" */
/** @import {Choices} from "./choices.js" */
/** @import {FieldState} from "./form_state.js" */

import { ApiError, api } from "../core/api.js";
import { html, render } from "../core/html.js";
import { PreflightRequests } from "../diagnosis/preflight_requests.js";
import { describeStart, placeNotes } from "../diagnosis/preflight_summary.js";
import { groupsTemplate } from "./field_groups.js";
import { problemsTemplate } from "./form_notices.js";
import { FormState } from "./form_state.js";
import { baselineOf, NO_PRESET, queryOf, readQuery, trainSearch, writeQuery, writeSearch } from "./form_url.js";
import { describeData, describeNetwork } from "./network_summary.js";
import { presetTemplate } from "./preset_picker.js";
import { RunCheck } from "./run_check.js";
import { networkHint, reasonsToAsk } from "./run_estimate.js";
import { startBarTemplate } from "./start_bar.js";

/** @typedef {{target: HTMLInputElement}} InputChange change of a text field, a switch or a menu */

const URL_DELAY = 200; // ms from the last keystroke to the update of the URL
const CHECK_DELAY = 400; // ms from the last keystroke to the validation of the values

export class TrainForm {
  /**
   * @param {HTMLFormElement} root
   * @param {Choices} choices
   * @param {(run: Run) => void} onStarted
   */
  constructor(root, { schema, presets, datasets }, onStarted) {
    this.root = root;
    this.schema = schema;
    this.presets = presets;
    this.datasets = datasets;
    this.onStarted = onStarted;
    this.state = new FormState(schema);
    /** Selected preset, or null for the schema's defaults. @type {Preset | null} */
    this.preset = null;
    this.starting = false;
    /** Request that applies the latest remedy, and the values of the form then. @type {{body: object, values: string} | null} */
    this.sameStart = null;
    /** Errors of the last submission: messages by field name, and the message if no field has an error. */
    this.problems = { fields: /** @type {Record<string, string>} */ ({}), message: "" };
    /** @type {number | undefined} */
    this.urlTimer = undefined;
    this.check = new RunCheck();
    this.preflight = new PreflightRequests();
    /** @type {number | undefined} */
    this.checkTimer = undefined;
    /** Reasons to ask before the run starts; empty if no question is asked. @type {string[]} */
    this.question = [];
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.fillFromUrl();
  }

  /** Values of the form, as the server expects them. */
  get #values() {
    return { ...(this.preset && { preset: this.preset.id }), hyperparameters: this.state.differences };
  }

  get #dataset() {
    return this.datasets.find(({ name }) => name === this.state.values.dataset);
  }

  /** Fill the form with a preset. @param {Preset | null} preset null: the schema's defaults */
  usePreset(preset) {
    this.preset = preset;
    this.state.setBaseline(baselineOf(this.schema, preset));
    this.problems = { fields: {}, message: "" };
    this.#handleChange();
  }

  /** Fill the form with a preset that a person chose. @param {Preset | null} preset null: the schema's defaults */
  choosePreset(preset) {
    this.#step(() => this.usePreset(preset));
  }

  /**
   * Change the form with a new entry in the browser's history, so that Back restores the values before the change.
   * @param {() => void} change
   */
  #step(change) {
    this.writeUrl();
    change();
    this.writeUrl({ push: true });
  }

  /** Fill the form with the hyperparameters of a run and some changes. @param {Run} run @param {Hyperparameters} [changes] */
  useRun(run, changes = {}) {
    this.usePreset(this.presets.find(({ id }) => id === run.preset) ?? null);
    this.state.setValues({ ...run.hyperparameters, ...changes });
    this.#handleChange();
  }

  /** Apply a remedy of a run to the form, and start a run with the same seed. @param {Run} run @param {Hyperparameters} changes */
  async applyRemedy(run, changes) {
    if (this.starting) return;
    this.#applyChanges(changes, () => this.useRun(run, changes));
    this.sameStart = { body: { same_start_as: run.id, changes }, values: JSON.stringify(this.#values) };
    await this.submit();
  }

  /** @param {Hyperparameters} changes @param {() => void} [apply] */
  #applyChanges(changes, apply = () => this.state.setValues(changes)) {
    this.#step(apply);
    this.#handleChange();
    this.#check(); // without a delay
    this.#focus(Object.keys(changes)[0] ?? "start");
  }

  /**
   * Start a run with the values of the form.
   * @param {{asked?: boolean}} [options] `asked`: a person has confirmed a run that needs much memory or time
   */
  async submit({ asked = false } = {}) {
    if (this.starting) return;
    this.problems = { fields: this.state.validate(), message: "" };
    this.question = [];
    if (Object.keys(this.problems.fields).length) return this.#showProblems();
    this.starting = true;
    this.#render();
    const nameInput = /** @type {HTMLInputElement} */ (this.root.elements.namedItem("name"));
    const name = nameInput.value.trim();
    try {
      if (!asked && (await this.#mustAsk())) return;
      const isRemedy = this.sameStart?.values === JSON.stringify(this.#values);
      const values = isRemedy ? this.sameStart?.body : this.#values;
      const run = await api.post("/api/runs", { ...values, ...(name && { name }) });
      nameInput.value = "";
      this.onStarted(run);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.state.setErrors(error.fields);
      this.problems = { fields: error.fields, message: error.message };
      this.#showProblems();
    } finally {
      this.starting = false;
      this.#render();
      if (this.question.length) this.#focus("question-cancel");
    }
  }

  /**
   * Set the question about a run that needs much memory or time, and return true if there is one. If a person changes
   * the values before the answer arrives, it is about the new ones.
   * @returns {Promise<boolean>}
   */
  async #mustAsk() {
    const values = this.#values;
    const { estimate } = await this.check.check(values);
    if (JSON.stringify(values) !== JSON.stringify(this.#values)) return this.#mustAsk();
    this.question = estimate ? reasonsToAsk(estimate, Number(this.state.values.epochs)) : [];
    return this.question.length > 0;
  }

  /**
   * Store the values of the form in the URL, and keep the parameters `run` and `x`.
   * @param {{push?: boolean}} [options] `push` adds an entry to the browser's history
   */
  writeUrl({ push = false } = {}) {
    window.clearTimeout(this.urlTimer);
    const query = writeQuery(this.schema, this.preset, this.state.differences);
    writeSearch(trainSearch(query, location.search, this.presets[0]?.id), push);
  }

  /** Fill the form with the values of the URL. */
  fillFromUrl() {
    const query = queryOf();
    const values = readQuery(this.schema, query);
    const id = query.get("preset") ?? (Object.keys(values).length ? NO_PRESET : this.presets[0]?.id);
    this.usePreset(this.presets.find((preset) => preset.id === id) ?? null);
    this.state.setValues(values);
    this.state.validate();
    this.#handleChange();
  }

  #handleChange() {
    this.question = [];
    this.#render();
    window.clearTimeout(this.urlTimer);
    this.urlTimer = window.setTimeout(() => this.writeUrl(), URL_DELAY);
    window.clearTimeout(this.checkTimer);
    this.checkTimer = window.setTimeout(() => this.#check(), CHECK_DELAY);
  }

  /**
   * Validate the values while a person types, first here and then on the server, and show the errors. Valid values are
   * then examined.
   */
  async #check() {
    const values = this.#values;
    const { errors } = this.state;
    try {
      const { fields } = Object.keys(errors).length ? { fields: errors } : await this.check.check(values);
      if (JSON.stringify(values) !== JSON.stringify(this.#values)) return; // the values have changed since
      this.state.setErrors(fields, { onlyNew: true });
      this.#render();
      const canExamine = !Object.keys(fields).length && this.#dataset?.available;
      if (await this.preflight.examine(canExamine ? values : null)) this.#render();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // a person who starts a run sees the error then
    }
  }

  /** Draw the errors of the last submission, and focus their summary. */
  #showProblems() {
    this.#render();
    /** @type {HTMLElement | null} */ (this.root.querySelector("#form-problems"))?.focus();
  }

  /** Focus a field or a button. @param {string} name */
  #focus(name) {
    const control = this.root.elements.namedItem(name);
    if (control instanceof HTMLElement) control.focus();
  }

  /** Store the text of a changed input. @param {InputChange} event */
  #handleInput({ target }) {
    const field = this.state.fields.get(target.name);
    if (!field) return;
    field.text = target.type === "checkbox" ? String(target.checked) : target.value;
    if (field.error) field.validate();
    this.#handleChange();
  }

  #render() {
    const { state } = this;
    const { values } = state;
    const dataset = this.#dataset;
    const { beside, above } = placeNotes(this.preflight.result?.notes ?? [], (name) => state.isVisible(name));
    const { length: errorCount } = Object.keys(state.errors);
    const network = networkHint(describeNetwork(dataset, values), this.check.resultFor(this.#values), errorCount > 0);
    const hints = { dataset: describeData(dataset, values), hidden_sizes: network };
    const change = (/** @type {InputChange} */ { target }) => {
      state.fields.get(target.name)?.accept();
      this.#render(); // the event `input` has handled the value
    };
    const events = {
      onReset: (/** @type {FieldState} */ field) => {
        field.reset();
        this.#handleChange();
        this.#focus(field.info.name);
      },
      onHelp: (/** @type {FieldState} */ field) => {
        field.helpOpen = !field.helpOpen;
        this.#render();
      },
      onToggle: () => this.#render(), // a note of a hidden field moves
      onRemedy: (/** @type {Hyperparameters} */ changes) => this.#applyChanges(changes),
    };
    const labelOf = (/** @type {string} */ name) => state.fields.get(name)?.info.label ?? name;
    render(
      html`<div class="card-body vstack gap-3">
          ${problemsTemplate(this.problems, labelOf, (name) => this.#focus(name))}
          ${presetTemplate(this.presets, this.preset, (preset) => this.choosePreset(preset))}
          <div class="vstack gap-3" id="fields" @input=${(/** @type {InputChange} */ event) => this.#handleInput(event)} @change=${change}>
            ${groupsTemplate(state, hints, beside, events)}
          </div>
        </div>
        ${this.#startTemplate(above, events.onRemedy)}`,
      this.root,
    );
  }

  /**
   * Return the bar with the start button.
   * @param {FieldNote[]} notes notes that no visible field shows
   * @param {(changes: Hyperparameters) => void} onRemedy
   */
  #startTemplate(notes, onRemedy) {
    const onCancel = () => {
      this.question = [];
      this.#render();
      this.#focus("start");
    };
    const onReset = () => {
      this.choosePreset(this.preset);
      this.#focus("preset");
    };
    return startBarTemplate(
      {
        changeCount: this.state.changed.length,
        basis: this.preset ? "preset" : "defaults",
        question: this.question,
        notes,
        summary: describeStart(this.preflight.result),
        nameError: this.problems.fields.name ?? "",
        starting: this.starting,
      },
      { onReset, onCancel, onConfirm: () => this.submit({ asked: true }), onRemedy },
    );
  }
}
