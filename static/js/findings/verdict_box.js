/**
 * Outcome of a run: how it ended or how far it is and, if the run is ill, its first finding with the remedies. The other
 * findings and the observations are collapsed.
 *
 * @import {Diagnosis, Finding, Run} from "../../../types/api.js"
 * @import {FindingContext} from "./finding_view.js"
 *
 * @typedef {object} Outcome how a run ended, or its progress
 * @property {"secondary" | "info" | "warning" | "danger"} tone
 * @property {string} title
 * @property {string} text
 * @property {boolean} [canReuse] true to offer a new run with the same hyperparameters
 *
 * @typedef {object} BoxView
 * @property {Run} run
 * @property {Outcome} outcome
 * @property {boolean} live true until the run has ended
 * @property {Diagnosis | null} diagnosis null until it is loaded
 * @property {string} problem message of a request that failed, or an empty text
 * @property {FindingsView} findings
 * @property {string} href address of the run page, or an empty text on this page
 * @property {any} trials template of the line about the trials
 *
 * @typedef {typeof FINDINGS_VIEWS[number]} FindingsView "open" for the whole first finding while the run trains, "all"
 *   for the other findings too
 */

import { counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { announcementOf, severityOf } from "./finding_text.js";
import { findingBody, findingHead, verdictHead } from "./finding_view.js";

export const FINDINGS_VIEWS = /** @type {const} */ (["auto", "open", "all"]);

export class VerdictBox {
  /**
   * @param {HTMLElement} root
   * @param {{onView: (view: FindingsView) => void, onReuse: () => void, onRetry: () => void}} listener
   */
  constructor(root, listener) {
    this.root = root;
    this.listener = listener;
    /** Sentence for screen readers about a changed diagnosis. */
    this.announcement = "";
    /** Sentence about the diagnosis when the box first showed it; it is not announced. @type {string | null} */
    this.known = null;
    /** True if the box has shown the run while it was live; it then stays as high as a short finding. */
    this.wasLive = false;
  }

  /** Forget the previous run. */
  clear() {
    this.known = null;
    this.announcement = "";
    this.wasLive = false;
  }

  /** @param {BoxView} view @param {FindingContext} context */
  show(view, context) {
    const { run, outcome, diagnosis } = view;
    this.#announce(view);
    const [first] = diagnosis?.findings ?? [];
    const isIll = (diagnosis ?? run.diagnosis)?.status === "ill";
    const severity = first?.severity ?? run.diagnosis?.severity;
    const tone = isIll && severity ? severityOf(severity).tone : outcome.tone;
    this.root.hidden = false;
    this.wasLive ||= view.live;
    const isTried = (first ?? run.diagnosis)?.known_by === "trial";
    const ended = isTried ? "outcome-ill outcome-tried" : "outcome-ill";
    const height = isIll && !view.live ? ended : this.wasLive && "outcome-live";
    this.root.className = `alert alert-${tone} outcome ${height || ""}`;
    render(
      html`<p class="visually-hidden" role="status">${this.announcement}</p>
        ${isIll ? this.#ill(view, first, context) : this.#well(view, context)}`,
      this.root,
    );
  }

  /** Announce a change of the diagnosis once. @param {BoxView} view */
  #announce({ diagnosis, live }) {
    const sentence = announcementOf(diagnosis);
    if (this.known === null && (diagnosis || live)) this.known = sentence;
    if (sentence === this.known || sentence === "") return;
    this.known = sentence;
    this.announcement = sentence;
  }

  /** Return the outcome of a run without a finding. @param {BoxView} view @param {FindingContext} context */
  #well({ run, outcome, href, diagnosis, problem, findings, trials, live }, context) {
    const isHealthy = (diagnosis ?? run.diagnosis)?.status === "healthy";
    return html`<div class="hstack flex-wrap column-gap-4 row-gap-2">
        <div class="flex-grow-1 outcome-text">
          <h2 class="fs-6">${outcome.title}
            ${isHealthy ? html`<span class="small fw-normal" data-part="verdict"><span aria-hidden="true">✓</span> Learns well</span>` : nothing}</h2>
          <p class="mb-0">${outcome.text}</p>
        </div>
        ${this.#buttons(outcome, href)}
      </div>
      ${this.#problem(problem)} ${trials}
      ${live ? nothing : this.#others("Observations", diagnosis?.observations ?? [], findings, context)}`;
  }

  /** Return the outcome of an ill run. @param {BoxView} view @param {Finding | undefined} first @param {FindingContext} context */
  #ill(view, first, context) {
    const { run, outcome, diagnosis, live, findings, href, problem, trials } = view;
    const text = html`<p class="mb-0 flex-grow-1 outcome-text"><strong class="fw-semibold">${outcome.title}.</strong> ${outcome.text}</p>`;
    // While the findings are loaded, nothing is drawn that they would move.
    if (!first) return html`${verdictHead(run)} ${live || problem ? text : nothing} ${this.#problem(problem)}`;
    const isWhole = !live || findings !== "auto";
    const toggle = () => this.listener.onView(isWhole ? "auto" : "open");
    const explain = html`<button type="button" class="btn btn-outline-secondary btn-sm" aria-expanded=${isWhole}
      @click=${toggle}>${isWhole ? "Hide the explanation" : "Explain"}</button>`;
    return html`<div class="vstack gap-2">
      ${findingHead(first)}
      <h2 class="fs-6 mb-0">${first.title}</h2>
      ${isWhole ? findingBody(first, context) : nothing}
      <div class="hstack flex-wrap column-gap-4 row-gap-2">
        ${text} ${this.#buttons(outcome, href, live ? explain : nothing)}
      </div>
      ${this.#problem(problem)} ${trials}
      ${isWhole ? this.#others("Other findings", diagnosis?.findings.slice(1) ?? [], findings, context) : nothing}
      ${live ? nothing : this.#others("Observations", diagnosis?.observations ?? [], findings, context)}
    </div>`;
  }

  /** @param {Outcome} outcome @param {string} href @param {any} [first] */
  #buttons({ canReuse }, href, first = nothing) {
    if (!href && !canReuse && first === nothing) return nothing;
    const { onReuse } = this.listener;
    return html`<div class="hstack flex-wrap gap-2">
      ${first}
      ${canReuse ? html`<button type="button" class="btn btn-outline-secondary btn-sm" @click=${onReuse}>Reuse these hyperparameters</button>` : nothing}
      ${href ? html`<a class="btn btn-outline-secondary btn-sm" href=${href}>Open the run</a>` : nothing}
    </div>`;
  }

  /** @param {string} problem */
  #problem(problem) {
    if (!problem) return nothing;
    return html`<p class="small mb-0" role="alert">${problem}
      <button type="button" class="btn btn-link btn-sm" @click=${this.listener.onRetry}>Try again</button></p>`;
  }

  /**
   * Return collapsed findings. The address stores whether they are open.
   * @param {"Other findings" | "Observations"} title
   * @param {readonly Finding[]} items
   * @param {FindingsView} view
   * @param {FindingContext} context
   */
  #others(title, items, view, context) {
    if (items.length === 0) return nothing;
    const name =
      title === "Observations" ? counted(items.length, "observation") : counted(items.length, "other finding");
    const isOpen = view === "all";
    const onToggle = (/** @type {Event} */ { target }) => {
      const { open } = /** @type {HTMLDetailsElement} */ (target);
      if (open !== isOpen) this.listener.onView(open ? "all" : "open");
    };
    return html`<details class="findings-more" ?open=${isOpen} @toggle=${onToggle}>
      <summary class="small fw-semibold">${name}</summary>
      <ol class="list-unstyled vstack gap-3 mt-2 mb-0">
        ${items.map(
          (finding) => html`<li class="vstack gap-1" data-code=${finding.code}>
            ${findingHead(finding)}
            <h3 class="fs-6 mb-0">${finding.title}</h3>
            ${findingBody(finding, { ...context, isFirst: false, isHarmless: title === "Observations" })}
          </li>`,
        )}
      </ol>
    </details>`;
  }
}
