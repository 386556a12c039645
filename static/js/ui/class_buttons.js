/** Buttons for the classes of a data set. */
import { html, nothing } from "../core/html.js";

/** Return true if the buttons of these classes fit in one row. @param {string[]} classNames */
export function areShort(classNames) {
  return classNames.every((name) => name.length <= 2);
}

/**
 * Return a row of buttons, one for each class. If a class has a number from 0 to 9 and another name, its button also
 * shows the number, which is its shortcut key.
 * @param {string[]} classNames
 * @param {(label: number) => void} onChoose
 * @param {number | null} [pressed] label of the pressed button; omit if the buttons do not have a state
 */
export function classButtons(classNames, onChoose, pressed) {
  const isShort = areShort(classNames);
  return html`<div class="class-buttons ${isShort ? "class-buttons-short" : ""}">
    ${classNames.map((name, label) => {
      const key = name !== String(label) && label < 10 ? html`<kbd class="me-2" aria-hidden="true">${label}</kbd>` : "";
      return html`<button type="button" class="btn btn-outline-secondary btn-sm ${isShort ? "px-0" : "text-start"}"
        aria-pressed=${pressed === undefined ? nothing : label === pressed}
        @click=${() => onChoose(label)}>${key}${name}</button>`;
    })}
  </div>`;
}
