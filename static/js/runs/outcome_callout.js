/**
 * Callout with the outcome of a run and a button for each remedy.
 *
 * @typedef {import("./outcome.js").Outcome} Outcome
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { element, partOf, setText } from "../core/dom.js";

/**
 * Show an outcome.
 * @param {HTMLElement} callout
 * @param {Outcome | null} outcome null hides the callout
 * @param {(changes: Hyperparameters) => void} onRemedy
 * @param {...HTMLElement} more additional buttons or links
 */
export function renderOutcome(callout, outcome, onRemedy, ...more) {
  callout.hidden = outcome === null;
  if (!outcome) return;
  callout.className = `alert alert-${outcome.tone} outcome`;
  setText(partOf(callout, "title"), outcome.title);
  setText(partOf(callout, "text"), outcome.text);
  const remedies = outcome.remedies.map(({ label, changes }) => {
    const button = element("button", { type: "button", className: "btn btn-outline-secondary btn-sm" }, label);
    button.addEventListener("click", () => onRemedy(changes));
    return button;
  });
  const actions = partOf(callout, "actions");
  actions.replaceChildren(...remedies, ...more);
  actions.hidden = remedies.length + more.length === 0;
}
