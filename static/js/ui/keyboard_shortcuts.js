/**
 * Single keys that work anywhere on a page, and the dialog that lists them. Those that are letters, digits or signs can
 * be switched off there, for people whose speech input or tremor would press them (WCAG 2.1.4).
 */
import { element, partOf } from "../core/dom.js";

/**
 * @typedef {object} Binding
 * @property {string[]} keys as `KeyboardEvent.key` names them
 * @property {string} label what they do, for the list
 * @property {string[]} [names] how the list calls the keys, where that differs
 * @property {(event: KeyboardEvent) => void | false} [run] false leaves the key to the browser; without it, the key is
 *   only listed
 */

/** @type {Record<string, string>} */
const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const SWITCH = "misfit.single-keys";

/**
 * @param {Binding[]} bindings
 * @param {HTMLDialogElement} dialog opened by "?", with a `dl` to be filled and the switch `single-keys`
 */
export function listenForKeys(bindings, dialog) {
  /** @type {Binding} */
  const help = { keys: ["?"], label: "Show keyboard shortcuts", run: () => dialog.showModal() };
  const all = [...bindings, help];
  const byKey = new Map(all.flatMap((binding) => binding.keys.map((key) => [key, binding])));
  dialog.querySelector("dl")?.replaceChildren(...all.flatMap(listed));
  /** @type {HTMLInputElement} */
  const single = partOf(dialog, "single-keys");
  single.checked = remembered();
  single.addEventListener("change", () => remember(single.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target, event.key)) return;
    if (event.key === "Escape" && takesText(event.target)) {
      event.target.blur(); // a further Esc does what it does everywhere
      event.preventDefault();
      return;
    }
    if (isCharacter(event.key) && !single.checked) return;
    const binding = byKey.get(event.key);
    if (binding?.run && binding.run(event) !== false) event.preventDefault();
  });
}

/** @param {Binding} binding */
function listed({ keys, label, names = keys.map((key) => NAMES[key] ?? key) }) {
  const parts = names.flatMap((name, place) => [place ? " or " : "", element("kbd", {}, name)]);
  return [element("dt", {}, ...parts), element("dd", {}, label)];
}

/** @param {string} key */
function isCharacter(key) {
  return key.length === 1;
}

/**
 * Whether the key belongs to the control that has the focus. Esc never does: it leaves a field of text.
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

function remembered() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

/** @param {boolean} on */
function remember(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // It holds for this page.
  }
}
