/**
 * Single-key shortcuts of a page, and the dialog that lists them. The dialog can turn off the keys that type a
 * character, because speech input or a tremor may press them by accident (WCAG 2.1.4).
 */
import { element, partOf } from "../core/dom.js";

/**
 * @typedef {object} Binding
 * @property {string[]} keys as `KeyboardEvent.key` names them
 * @property {string} label description of the action in the list
 * @property {string[]} [names] names of the keys in the list, if they differ from `keys`
 * @property {(event: KeyboardEvent) => void | false} [run] returns false to leave the key to the browser; absent
 *   if other code handles the key
 */

/** @type {Record<string, string>} */
const KEY_NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const STORAGE_KEY = "misfit.single-keys";

/**
 * Run the shortcut of each pressed key, and list all shortcuts in the dialog.
 * @param {Binding[]} bindings
 * @param {HTMLDialogElement} dialog opened by "?"; contains a `dl` for the list and the switch `single-keys`
 */
export function listenForKeys(bindings, dialog) {
  /** @type {Binding} */
  const help = { keys: ["?"], label: "Show keyboard shortcuts", run: () => dialog.showModal() };
  const all = [...bindings, help];
  const byKey = new Map(all.flatMap((binding) => binding.keys.map((key) => [key, binding])));
  dialog.querySelector("dl")?.replaceChildren(...all.flatMap(renderBinding));
  /** @type {HTMLInputElement} */
  const singleKeys = partOf(dialog, "single-keys");
  singleKeys.checked = loadSetting();
  singleKeys.addEventListener("change", () => saveSetting(singleKeys.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target, event.key)) return;
    if (event.key === "Escape" && takesText(event.target)) {
      event.target.blur(); // pressing Esc again runs the shortcut for Esc
      event.preventDefault();
      return;
    }
    if (isCharacter(event.key) && !singleKeys.checked) return;
    const binding = byKey.get(event.key);
    if (binding?.run && binding.run(event) !== false) event.preventDefault();
  });
}

/** @param {Binding} binding */
function renderBinding({ keys, label, names = keys.map((key) => KEY_NAMES[key] ?? key) }) {
  const parts = names.flatMap((name, index) => [index ? " or " : "", element("kbd", {}, name)]);
  return [element("dt", {}, ...parts), element("dd", {}, label)];
}

/** @param {string} key */
function isCharacter(key) {
  return key.length === 1;
}

/**
 * Return true if the focused control handles the key itself. Return false for Esc, which always leaves a text field.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function isTyping(target, key) {
  if (key === "Escape") return false;
  if (target instanceof HTMLInputElement && target.type === "range") return !isCharacter(key);
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/**
 * @param {EventTarget | null} target
 * @returns {target is HTMLElement}
 */
function takesText(target) {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && ["text", "search", "number"].includes(target.type);
}

function loadSetting() {
  try {
    return localStorage.getItem(STORAGE_KEY) !== "off";
  } catch {
    return true; // the browser blocks local storage
  }
}

/** @param {boolean} on */
function saveSetting(on) {
  try {
    localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
  } catch {
    // The browser blocks local storage. The setting applies until the page is closed.
  }
}
