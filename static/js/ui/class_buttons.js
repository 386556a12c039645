/**
 * Row of buttons, one for each class. If a class has a number from 0 to 9 and another name, its button also shows the
 * number, which is its shortcut key.
 */
import { element } from "../core/dom.js";

/**
 * Replace the content of `parent` with the buttons.
 * @param {HTMLElement} parent
 * @param {string[]} classNames
 * @param {(label: number) => void} onChoose
 * @returns {HTMLButtonElement[]} button of each label
 */
export function fillClassButtons(parent, classNames, onChoose) {
  const buttons = classNames.map((name, label) => {
    const hint = name !== String(label) && label < 10 && element("kbd", { ariaHidden: "true" }, label);
    const onclick = () => onChoose(label);
    return element(
      "button",
      { className: "btn btn-outline-secondary btn-sm class-button", type: "button", onclick },
      hint,
      name,
    );
  });
  parent.classList.add("class-buttons");
  parent.dataset.names = classNames.every((name) => name.length <= 2) ? "short" : "long";
  parent.replaceChildren(...buttons);
  return buttons;
}
