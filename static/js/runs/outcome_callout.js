/**
 * Callout with the outcome of a run and a button for each remedy.
 *
 * @typedef {import("./outcome.js").Outcome} Outcome
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { html, nothing, render } from "../core/html.js";

/**
 * @param {HTMLElement} root
 * @param {Outcome} outcome
 * @param {(changes: Hyperparameters) => void} onRemedy
 * @param {string} href address of the run page, or an empty text on this page
 */
export function renderOutcome(root, { tone, title, text, remedies }, onRemedy, href) {
  root.hidden = false;
  root.className = `alert alert-${tone} outcome`;
  const remedy = (/** @type {Outcome["remedies"][number]} */ { label, changes }) =>
    html`<button type="button" class="btn btn-outline-secondary btn-sm" @click=${() => onRemedy(changes)}>${label}</button>`;
  const link = html`<a class="btn btn-outline-secondary btn-sm" href=${href}>Open the run</a>`;
  render(
    html`
      <div class="flex-grow-1">
        <h2 class="fs-6">${title}</h2>
        <p class="mb-0">${text}</p>
      </div>
      <div class="hstack flex-wrap gap-2">${remedies.map(remedy)} ${href ? link : nothing}</div>`,
    root,
  );
}
