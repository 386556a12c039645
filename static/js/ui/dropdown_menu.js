/** Dropdown menu of links: Bootstrap's menu in a <details> element, which opens and closes without a script. */
import { html } from "../core/html.js";

/**
 * Template of a menu whose entries are actions with a URL.
 * @param {string} id
 * @param {string} label
 * @param {import("./actions.js").Action[]} entries
 */
export function dropdown(id, label, entries) {
  return html`<details class="dropdown" id=${id} @keydown=${closeOnEscape} @toggle=${listenOutside}>
    <summary class="btn btn-outline-secondary btn-sm dropdown-toggle">${label}</summary>
    <ul class="dropdown-menu dropdown-menu-end show mt-1" data-bs-popper="static">
      ${entries.map(
        ({ title, note, href }) =>
          html`<li><a class="dropdown-item" href=${href?.() ?? ""} download>${title} <span class="text-body-secondary">${note}</span></a></li>`,
      )}
    </ul>
  </details>`;
}

/** Close the menu after a click outside it, and after a click on one of its links. @param {Event} event */
function listenOutside({ target }) {
  const menu = /** @type {HTMLDetailsElement} */ (target);
  if (!menu.open) return;
  const closed = new AbortController();
  const close = (/** @type {Event} */ event) => {
    const inside = event.target instanceof Element && menu.contains(event.target);
    if (menu.open && inside && !event.target.closest("a")) return;
    closed.abort();
    menu.open = false;
  };
  document.addEventListener("click", close, { signal: closed.signal });
}

/** @param {KeyboardEvent} event */
function closeOnEscape(event) {
  const menu = /** @type {HTMLDetailsElement} */ (event.currentTarget);
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
