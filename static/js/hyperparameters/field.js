/**
 * Form field of one hyperparameter: label, unit, input, help, error, and a button that resets it to the preset's value.
 *
 * @typedef {import("../../../types/api.js").FieldInfo} FieldInfo
 * @typedef {import("../../../types/api.js").Value} Value
 */

import { element, setMessage } from "../core/dom.js";
import { choiceName, valueName } from "./display_names.js";
import { findError, readValue, sameValue, writeValue } from "./field_value.js";

export class HyperparameterField {
  /**
   * @param {FieldInfo} info
   * @param {() => void} onChange
   */
  constructor(info, onChange) {
    this.info = info;
    this.onChange = onChange;
    /** Value of the preset. @type {Value} */
    this.baseline = info.default;
    const id = `field-${info.name}`;
    this.input = createInput(info, id);
    this.error = element("p", {
      className: "field-message small text-danger-emphasis mt-1 mb-0",
      id: `${id}-error`,
      hidden: true,
    });
    this.hint = element("p", { className: "field-hint", id: `${id}-hint`, hidden: true });
    this.help = element(
      "p",
      { className: "field-help", id: `${id}-help`, hidden: true },
      info.help,
      ...glossaryLink(info),
    );
    this.reset = element("button", { type: "button", className: "field-reset", hidden: true }, "↺");
    const helpButton = element("button", { type: "button", className: "field-help-button" }, "?");
    helpButton.ariaLabel = `Help for ${info.label}`;
    helpButton.setAttribute("aria-controls", this.help.id);
    helpButton.ariaExpanded = "false";
    helpButton.addEventListener("click", () => {
      this.help.hidden = !this.help.hidden;
      helpButton.ariaExpanded = String(!this.help.hidden);
    });
    const label = element("label", { className: "field-label", htmlFor: id }, info.label);
    const unit = element("span", { className: "field-unit", id: `${id}-unit` }, info.unit);
    const control = element("div", { className: "field-control" }, this.input, info.unit ? unit : null);
    control.classList.toggle("form-switch", info.type === "boolean");
    this.element = element(
      "div",
      { className: "field", dataset: { name: info.name, type: info.type } },
      element("div", { className: "field-name" }, label, helpButton, this.reset),
      control,
      this.hint,
      this.error,
      this.help,
    );
    const descriptions = [this.error, ...(info.unit ? [unit] : []), this.hint, this.help];
    this.input.setAttribute("aria-describedby", descriptions.map((part) => part.id).join(" "));
    this.input.addEventListener("input", () => this.#handleInput());
    this.input.addEventListener("change", () => this.setError(findError(info, this.value)));
    this.reset.addEventListener("click", () => {
      this.value = this.baseline;
      this.setError("");
      this.#handleInput();
      this.input.focus();
    });
    this.value = info.default;
  }

  /** @returns {Value} */
  get value() {
    const { input: box } = this;
    if (box instanceof HTMLInputElement && box.type === "checkbox") return box.checked;
    return readValue(this.info, box.value);
  }

  set value(value) {
    const { input: box } = this;
    if (box instanceof HTMLInputElement && box.type === "checkbox") box.checked = value === true;
    else box.value = writeValue(value);
    this.#showChange();
  }

  /** True if the value differs from the preset's value. */
  get changed() {
    return !sameValue(this.value, this.baseline);
  }

  /** Mark the field and show the reset button if its value differs from the preset's. */
  #showChange() {
    const { changed } = this;
    this.element.classList.toggle("field-changed", changed);
    this.reset.hidden = !changed;
    const presetValue = valueName(this.baseline, this.info.choice_names);
    this.reset.title = `Reset to ${presetValue}`;
    this.reset.ariaLabel = `${this.info.label}: reset to ${presetValue}`;
  }

  /** Show an error. @param {string} message empty if the value is valid */
  setError(message) {
    setMessage(this.error, message);
    this.input.setAttribute("aria-invalid", String(message !== ""));
  }

  /** Show a hint below the input. @param {string} text empty to hide the hint */
  setHint(text) {
    setMessage(this.hint, text);
  }

  #handleInput() {
    if (!this.error.hidden) this.setError(findError(this.info, this.value));
    this.#showChange();
    this.onChange();
  }
}

/** @param {FieldInfo} info @param {string} id */
function createInput(info, id) {
  if (info.type === "choice") {
    const options = (info.choices ?? []).map((choice) =>
      element("option", { value: choice }, choiceName(choice, info.choice_names)),
    );
    return element("select", { id, name: info.name, className: "form-select form-select-sm" }, ...options);
  }
  if (info.type === "boolean") {
    return element("input", { id, name: info.name, type: "checkbox", className: "form-check-input", role: "switch" });
  }
  const inputMode = info.type === "number" ? "decimal" : info.type === "integer" ? "numeric" : "text";
  const common = { id, name: info.name, type: "text", className: "form-control form-control-sm num" };
  return element("input", { ...common, inputMode, autocomplete: "off", spellcheck: false });
}

/**
 * Return a link to the field's term in the glossary, or an empty list if the field has no term.
 * @param {FieldInfo} info
 * @returns {Node[]}
 */
function glossaryLink({ glossary_term: term }) {
  if (!term) return [];
  return [element("a", { className: "field-term", href: term.address }, `Glossary: ${term.name}`)];
}
