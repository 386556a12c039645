/**
 * Templates of a finding: what is seen, why that happens, how certain it is, its numbers, and its remedies.
 *
 * @import {Finding, FindingEvidence, Hyperparameters, Remedy, Run} from "../../../types/api.js"
 * @import {Field} from "./finding_text.js"
 *
 * @typedef {object} FindingContext
 * @property {Hyperparameters} hyperparameters of the run
 * @property {readonly Field[]} fields all hyperparameters
 * @property {readonly string[]} terms names of the glossary's entries
 * @property {boolean} isFirst true for the first finding, whose first remedy stands out
 * @property {boolean} isHarmless true for an observation, which needs no remedy
 * @property {boolean} busy true while a remedy is being applied
 * @property {(changes: Record<string, unknown>) => void} onRemedy
 * @property {(place: string, layer: number | null) => string} placeHref address of the chart or strip at a place
 * @property {(event: MouseEvent, place: string, layer: number | null) => void} onPlace
 */

import { html, nothing } from "../core/html.js";
import { glossaryAddress, splitAtTerms } from "../diagnosis/glossary_links.js";
import {
  capitalized,
  certaintyMeaning,
  certaintyText,
  changesOf,
  changesText,
  evidenceNumber,
  severityOf,
} from "./finding_text.js";

const SHOWN_REMEDIES = 3; // the others are collapsed

/** Return the line above the title of a finding: its severity, its name, and how certain it is. @param {Finding} finding */
export function findingHead(finding) {
  const certainty = html`<span aria-hidden="true">·</span>
    <span title=${certaintyMeaning(finding)}>${certaintyText(finding)}</span>`;
  return headTemplate(finding.severity, finding.name, certainty);
}

/** Return the line of the verdict that a run contains, before its findings are loaded. @param {Run} run */
export function verdictHead({ diagnosis }) {
  return diagnosis?.severity ? headTemplate(diagnosis.severity, diagnosis.title, nothing) : nothing;
}

/** @param {Finding["severity"]} severity @param {string} name @param {any} certainty */
function headTemplate(severity, name, certainty) {
  const { icon, word, tone } = severityOf(severity);
  return html`<p class="hstack flex-wrap column-gap-2 small mb-0" data-part="certainty">
    <strong class="text-${tone}-emphasis"><span aria-hidden="true">${icon}</span> ${word}</strong>
    <span aria-hidden="true">·</span> <span>${name}</span> ${certainty}
  </p>`;
}

/** Return the parts of a finding below its title. @param {Finding} finding @param {FindingContext} context */
export function findingBody(finding, context) {
  const { evidence, remedies } = finding;
  return html`
    <p class="mb-0" data-part="explanation">${linkTerms(finding.explanation, context.terms)}</p>
    ${
      evidence.length
        ? html`<ul class="list-unstyled hstack flex-wrap column-gap-4 row-gap-1 small num mb-0" data-part="numbers" aria-label="Numbers">
      ${evidence.map((item) => html`<li>${evidenceText(item, finding, context)}</li>`)}
    </ul>`
        : nothing
    }
    ${remedies.length && !context.isHarmless ? remedyList(remedies, context) : nothing}`;
}

/** @param {string} text @param {readonly string[]} terms */
function linkTerms(text, terms) {
  return splitAtTerms(text, terms).map(({ text, term }) =>
    term ? html`<a href=${glossaryAddress(term)}>${text}</a>` : text,
  );
}

/** @param {FindingEvidence} evidence @param {Finding} finding @param {FindingContext} context */
function evidenceText(evidence, { layer }, { placeHref, onPlace }) {
  const { place = "" } = evidence;
  const name = capitalized(evidence.name);
  const number = evidenceNumber(evidence);
  if (!place) return html`${name}: <strong>${number}</strong>`;
  const onClick = (/** @type {MouseEvent} */ event) => onPlace(event, place, layer);
  return html`<a href=${placeHref(place, layer)} @click=${onClick}>${name}</a>: <strong>${number}</strong>`;
}

/** @param {readonly Remedy[]} remedies @param {FindingContext} context */
function remedyList(remedies, context) {
  const item = (/** @type {Remedy} */ remedy, /** @type {number} */ index) =>
    remedyItem(remedy, context, context.isFirst && index === 0);
  const more = remedies.slice(SHOWN_REMEDIES);
  return html`<div data-part="remedies">
    <h3 class="small fw-semibold mb-1">What to change</h3>
    <ul class="list-unstyled vstack gap-2 mb-0">${remedies.slice(0, SHOWN_REMEDIES).map(item)}</ul>
    ${
      more.length
        ? html`<details class="small mt-2"><summary>More changes to try (${more.length})</summary>
      <ul class="list-unstyled vstack gap-2 mt-2 mb-0">${more.map((remedy) => remedyItem(remedy, context, false))}</ul>
    </details>`
        : nothing
    }
  </div>`;
}

/** @param {Remedy} remedy @param {FindingContext} context @param {boolean} standsOut */
function remedyItem({ label, changes }, { hyperparameters, fields, busy, onRemedy }, standsOut) {
  const changed = changesOf(changes, hyperparameters, fields);
  if (changed.length === 0) return html`<li>${label}</li>`;
  return html`<li class="hstack flex-wrap column-gap-2 row-gap-1">
    <button type="button" class="btn btn-sm ${standsOut ? "btn-primary" : "btn-outline-secondary"} text-start" ?disabled=${busy}
      title="Starts a new run with this change and the same seed" @click=${() => onRemedy(changes)}>${label}</button>
    <span class="d-none d-print-inline">${label}:</span> <span class="small num">${changesText(changed)}</span>
  </li>`;
}
