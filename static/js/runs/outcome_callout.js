/**
 * Callout with the outcome of a run and a button for each remedy.
 *
 * @typedef {import("./outcome.js").Outcome} Outcome
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 */

import { element, partOf, setText } from "../core/dom.js";

/**
 * @param {HTMLElement} place
 * @param {Outcome | null} outcome null hides it
 * @param {(changes: Hyperparameters) => void} onRemedy
 * @param {...HTMLElement} more further actions
 */
export function renderOutcome(place, outcome, onRemedy, ...more) {
  place.hidden = outcome === null;
  if (!outcome) return;
  place.dataset.tone = outcome.tone;
  setText(partOf(place, "title"), outcome.title);
  setText(partOf(place, "text"), outcome.text);
  const remedies = outcome.remedies.map(({ label, changes }) => {
    const button = element("button", { type: "button", className: "btn btn-secondary btn-sm" }, label);
    button.addEventListener("click", () => onRemedy(changes));
    return button;
  });
  const actions = partOf(place, "actions");
  actions.replaceChildren(...remedies, ...more);
  actions.hidden = remedies.length + more.length === 0;
}
