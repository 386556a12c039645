/** Single keys that work anywhere on a page, and the dialog that lists them. */
import { element } from "./element.js";

/**
 * @typedef {object} Binding
 * @property {string[]} keys as `KeyboardEvent.key` names them
 * @property {string} label what they do, for the list
 * @property {(event: KeyboardEvent) => void | false} [run] false leaves the key to the browser; without it, the key is
 *   only listed
 */

/** @type {Record<string, string>} */
const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/**
 * @param {Binding[]} bindings
 * @param {HTMLDialogElement} dialog opened by "?", with a `dl` to be filled
 */
export function listenForKeys(bindings, dialog) {
  /** @type {Binding} */
  const help = { keys: ["?"], label: "List the keys", run: () => dialog.showModal() };
  const all = [...bindings, help];
  const byKey = new Map(all.flatMap((binding) => binding.keys.map((key) => [key, binding])));
  dialog.querySelector("dl")?.replaceChildren(...all.flatMap(listed));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target, event.key)) return;
    const binding = byKey.get(event.key);
    if (binding?.run && binding.run(event) !== false) event.preventDefault();
  });
}

/** @param {Binding} binding */
function listed({ keys, label }) {
  const names = keys.flatMap((key, place) => [place ? " or " : "", element("kbd", {}, NAMES[key] ?? key)]);
  return [element("dt", {}, ...names), element("dd", {}, label)];
}

/**
 * Whether the key belongs to the control that has the focus. Esc never does.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function isTyping(target, key) {
  if (key === "Escape") return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
