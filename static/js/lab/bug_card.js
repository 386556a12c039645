/** Templates of a documented bug: its wrong line beside the right one, its symptom, and the choice of its layer. */

/** @import {LabBug, LabBugChoice} from "../../../types/api.js" */
/** @import {Part} from "./line_difference.js" */

import { html, live, nothing } from "../core/html.js";
import { radioButtons, selectOptions } from "../ui/choices.js";
import { bugsByPlace } from "./bug_search.js";
import { lineDifference } from "./line_difference.js";

/** Return the options of a select of bugs, by place. @param {readonly LabBug[]} bugs @param {string} selected */
export function bugOptions(bugs, selected) {
  const option = (/** @type {LabBug} */ { id, title }) => /** @type {const} */ ([id, `${id}: ${title}`]);
  return bugsByPlace(bugs).map(
    ([place, items]) => html`<optgroup label=${place}>${selectOptions(items.map(option), selected)}</optgroup>`,
  );
}

/** Return where a bug sits, in words. @param {LabBug} bug @param {number | null} layer */
export function describePlace({ place, layers }, layer) {
  if (layers.length === 0) return place === "output" ? "output layer" : place;
  const prefix = place === "hidden layer" ? "" : `${place}, `;
  if (layer !== null || layers.length === 1) return `${prefix}layer ${layer ?? layers[0]}`;
  return `${prefix}layers ${layers.join(", ")}`;
}

/** Return the right and the wrong line of a bug side by side. @param {LabBug} bug */
export function bugLines({ right, wrong }) {
  const [rightFormula, wrongFormula] = lineDifference(right.formula, wrong.formula);
  const [rightCode, wrongCode] = lineDifference(right.numpy, wrong.numpy);
  return html`<div class="lab-lines">
    ${linePanel("right", "✓ Right", rightFormula, rightCode)}
    ${linePanel("wrong", "✗ With the bug", wrongFormula, wrongCode, missingCode(rightCode, wrongCode))}
  </div>`;
}

/** Return what a line lacks if it has nothing else that differs. @param {Part[]} right @param {Part[]} wrong */
function missingCode(right, wrong) {
  const isDifferent = (/** @type {Part} */ { differs }) => differs;
  if (wrong.some(isDifferent)) return "";
  return right
    .filter(({ text, differs }) => differs && /[\p{L}\p{N}]/u.test(text))
    .map(({ text }) => text.replace(/^[\s)]+|[\s(]+$/g, "")) // brackets that belong to the rest of the line
    .join(" … ");
}

/**
 * @param {"right" | "wrong"} kind
 * @param {string} title
 * @param {Part[]} formula
 * @param {Part[]} code
 * @param {string} [missing] code that the line lacks
 */
function linePanel(kind, title, formula, code, missing = "") {
  return html`<div class="lab-line" role="group" data-kind=${kind} aria-label=${title.slice(2)}>
    <h3>${title}</h3>
    <p class="lab-formula">${formula.map(marked)}</p>
    <pre tabindex="0" aria-label="NumPy"><code>${code.map(marked)}</code></pre>
    ${missing ? html`<p class="small mt-2 mb-0">Missing: <code>${missing}</code></p>` : nothing}
  </div>`;
}

/** @param {Part} part */
const marked = ({ text, differs }) => (differs ? html`<mark>${text}</mark>` : text);

/** Return the symptom of a bug with its source. @param {LabBug} bug */
export function bugSymptom({ symptom, source }) {
  return html`<p class="mb-0"><strong>Reported symptom.</strong> ${symptom}
    <span class="small text-body-secondary d-block">Source: ${source}.</span></p>`;
}

/**
 * Return the card of the chosen bugs.
 * @param {object} options
 * @param {readonly LabBug[]} options.bugs all bugs
 * @param {readonly LabBugChoice[]} options.chosen
 * @param {(layer: number | null) => void} options.onLayer
 * @param {(bug: string) => void} options.onSecond an empty text removes the second bug
 * @param {(layer: number | null) => void} options.onSecondLayer
 * @param {(bug: string) => void} options.onNext called with the next bug in teaching order
 */
export function bugCard({ bugs, chosen, onLayer, onSecond, onSecondLayer, onNext }) {
  const [first, second] = chosen.map((choice) => bugs.find(({ id }) => id === choice.bug));
  if (!first) return nothing;
  const next = bugs[bugs.indexOf(first) + 1];
  const others = bugs.filter(({ id }) => id !== first.id);
  const choose = (/** @type {{currentTarget: HTMLSelectElement}} */ { currentTarget }) => onSecond(currentTarget.value);
  return html`
    <div>
      <h2 id="bug-title">${first.id} · ${first.title}</h2>
      <p class="text-body-secondary mb-0">
        ${describePlace(first, chosen[0].layer)} ·
        ${first.visible ? "a gradient check sees it" : "no gradient check sees it; a small test does"}
        ${first.needs ? html`· needs ${first.needs}` : nothing}
      </p>
    </div>
    ${bugLines(first)} ${bugSymptom(first)} ${layerChoice("layer", first, chosen[0].layer, onLayer)}
    <label class="lab-second">
      <span class="fw-semibold">Second bug</span>
      <select class="form-select form-select-sm" id="second" @change=${choose}>
        <option value="" .selected=${live(!second)}>none</option>
        ${bugOptions(others, second?.id ?? "")}
      </select>
    </label>
    ${
      second
        ? html`<h3>${second.id} · ${second.title}</h3>
            ${bugLines(second)} ${layerChoice("second-layer", second, chosen[1].layer, onSecondLayer)}`
        : nothing
    }
    ${
      next
        ? html`<button class="btn btn-link btn-sm align-self-end" type="button" @click=${() => onNext(next.id)}>
            Next: ${next.id} · ${next.title} <span aria-hidden="true">→</span>
          </button>`
        : nothing
    }`;
}

/**
 * Return radio buttons for the layer of a bug, if it can be in several.
 * @param {string} name
 * @param {LabBug} bug
 * @param {number | null} selected
 * @param {(layer: number | null) => void} onChoose
 */
function layerChoice(name, bug, selected, onChoose) {
  if (bug.layers.length < 2) return nothing;
  /** @type {[string, string][]} */
  const choices = [
    ["all", "All"],
    .../** @type {[string, string][]} */ (bug.layers.map((layer) => [`${layer}`, `${layer}`])),
  ];
  return html`<div class="hstack flex-wrap gap-2">
    <span class="fw-semibold" id="${name}-title">Layer with ${bug.id}</span>
    <div class="btn-group btn-group-sm" role="group" aria-labelledby="${name}-title">
      ${radioButtons(name, choices, `${selected ?? "all"}`, (value) => onChoose(value === "all" ? null : Number(value)))}
    </div>
    <span class="small text-body-secondary">counted from the input</span>
  </div>`;
}
