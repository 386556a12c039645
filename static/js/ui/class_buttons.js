/** Row of buttons, one for each class; the shortcut key is shown where classes have names. */
import { element } from "../core/dom.js";

/**
 * Fill `parent` with the buttons.
 * @param {HTMLElement} parent
 * @param {string[]} classNames
 * @param {(label: number) => void} onChoose
 * @returns {HTMLButtonElement[]} by label
 */
export function fillClassButtons(parent, classNames, onChoose) {
  const buttons = classNames.map((name, label) => {
    const hint = name !== String(label) && label < 10 && element("kbd", { ariaHidden: "true" }, label);
    const onclick = () => onChoose(label);
    return element(
      "button",
      { className: "btn btn-secondary btn-sm class-button", type: "button", onclick },
      hint,
      name,
    );
  });
  parent.classList.add("class-buttons");
  parent.dataset.names = classNames.every((name) => name.length <= 2) ? "short" : "long";
  parent.replaceChildren(...buttons);
  return buttons;
}
