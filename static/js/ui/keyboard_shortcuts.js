/**
 * Single-key shortcuts of a page, and the dialog that lists them. The dialog can turn off the keys that type a
 * character, because speech input or a tremor may press them by accident (WCAG 2.1.4).
 */

import { html, render } from "../core/html.js";
import { afterPaint } from "../core/timing.js";
import { hasModifier, isComposing, shortcutKey } from "./keys.js";

/** @import {Action, ActionTable} from "./actions.js" */

/** @type {Record<string, string>} */
const KEY_NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const STORAGE_KEY = "misfit.single-keys";

/**
 * Run the action of each pressed key, and list all shortcuts in the dialog.
 * @param {ActionTable} table
 * @param {HTMLDialogElement} dialog contains a `dl` for the list and a checkbox that turns on single-key shortcuts
 */
export function listenForKeys(table, dialog) {
  const singleKeys = /** @type {HTMLInputElement} */ (dialog.querySelector("input[type=checkbox]"));
  // The list and the first access to local storage take milliseconds, so they follow the first paint.
  afterPaint(() => {
    singleKeys.checked = loadSetting();
    const shortcuts = table.actions.filter(({ keys }) => keys);
    render(
      shortcuts.map((action) => html`<dt>${describeKeys(action)}</dt><dd>${action.title}</dd>`),
      /** @type {HTMLElement} */ (dialog.querySelector("dl")),
    );
  });
  singleKeys.addEventListener("change", () => saveSetting(singleKeys.checked));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || hasModifier(event) || isComposing(event)) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target, event.key)) return;
    if (event.key === "Escape" && takesText(event.target)) {
      event.target.blur(); // pressing Esc again runs the shortcut for Esc
      event.preventDefault();
      return;
    }
    const key = shortcutKey(event, (name) => table.byKey.has(name));
    if (key === null || (isCharacter(key) && !singleKeys.checked)) return;
    if (table.run(table.byKey.get(key), event, key)) event.preventDefault();
  });
}

/** Return the names of the keys of an action. @param {Action} action */
export function namesOfKeys({ keys = [], keyNames }) {
  return keyNames ?? keys.map((key) => KEY_NAMES[key] ?? key);
}

/** @param {Action} action */
function describeKeys(action) {
  return namesOfKeys(action).map((name, index) => html`${index ? " or " : ""}<kbd>${name}</kbd>`);
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

/** @param {EventTarget | null} target @returns {target is HTMLElement} */
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
