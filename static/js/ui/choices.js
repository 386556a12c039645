/** Choices of one value: radio buttons, and the options of a select. */
import { html, live } from "../core/html.js";

/**
 * Return radio buttons that look like the buttons of a `.btn-group`.
 * @template {string} Value
 * @param {string} name unique on the page
 * @param {readonly (readonly [value: Value, text: string])[]} choices
 * @param {Value} selected
 * @param {(value: Value) => void} onChoose
 */
export function radioButtons(name, choices, selected, onChoose) {
  return choices.map(([value, text]) => {
    const id = `${name}-${value}`;
    return html`<input class="btn-check" type="radio" name=${name} id=${id} .checked=${live(value === selected)}
        @change=${() => onChoose(value)}>
      <label class="btn btn-outline-secondary" for=${id}>${text}</label>`;
  });
}

/** @param {readonly (readonly [value: string, text: string])[]} choices @param {string} selected */
export function selectOptions(choices, selected) {
  return choices.map(
    ([value, text]) => html`<option value=${value} .selected=${live(value === selected)}>${text}</option>`,
  );
}
