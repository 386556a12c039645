/**
 * Diagnosis and trials of the run on a page: the box of its outcome, and below it the panel of its trials.
 *
 * @import {FieldInfo, Hyperparameters, Run} from "../../../types/api.js"
 * @import {DiagnosisChanged, TrialsChanged} from "../../../types/events.js"
 * @import {FindingContext} from "./finding_view.js"
 * @import {FindingsView, Outcome} from "./verdict_box.js"
 *
 * @typedef {{findings: FindingsView, trials: typeof TRIALS_VIEWS[number]}} FindingsState part of the state in the URL
 *
 * @typedef {object} FindingsOptions
 * @property {readonly FieldInfo[]} fields all hyperparameters
 * @property {{values: FindingsState, navigate: (change: Partial<FindingsState>) => void}} state
 * @property {(changes: Hyperparameters, run: Run) => Promise<void> | void} onRemedy called with the changes of a remedy
 * @property {(run: Run) => void} onReuse called to fill the form with the hyperparameters of the run
 * @property {(place: "cost" | "accuracy") => void} showChart called to show a chart of the run
 * @property {(quantity: string, layer: number | null) => void} [showInside] called to show a quantity inside the network;
 *   without it, the link opens the page of the run
 * @property {boolean} [linked] true if the box links to the page of the run
 */

import { errorMessage } from "../core/api.js";
import { byId } from "../core/dom.js";
import { html, nothing } from "../core/html.js";
import { isLive } from "../realtime/run_status.js";
import { RunDiagnosis } from "./run_diagnosis.js";
import { RunTrials } from "./run_trials.js";
import { statusText } from "./trial_text.js";
import { TrialsPanel } from "./trials_panel.js";
import { VerdictBox } from "./verdict_box.js";

export const TRIALS_VIEWS = /** @type {const} */ (["closed", "open"]);
const CHARTS = ["cost", "accuracy"];
const CHECK_INTERVAL = 4000; // ms between two requests for trials in progress, because events can be lost

export class RunFindings {
  /** @param {FindingsOptions} options */
  constructor(options) {
    this.options = options;
    this.box = new VerdictBox(byId("outcome"), {
      onView: (findings) => options.state.navigate({ findings }),
      onReuse: () => this.shown && options.onReuse(this.shown.run),
      onRetry: () => this.#retry(),
    });
    this.panel = new TrialsPanel(byId("trials"));
    /** @type {string[]} */
    this.terms = JSON.parse(byId("trials").dataset.terms ?? "[]");
    /** @type {{run: Run, outcome: Outcome} | null} */
    this.shown = null;
    this.diagnosis = new RunDiagnosis(0, () => {});
    this.trials = new RunTrials(0, () => {});
    this.busy = false;
    /** Message of a remedy that could not be applied. */
    this.problem = "";
    this.timer = 0;
  }

  /** Show another run. @param {Run} run */
  open(run) {
    this.close();
    this.diagnosis = new RunDiagnosis(run.id, () => this.#draw());
    this.trials = new RunTrials(run.id, () => this.#handleTrials());
  }

  /** Show no run. */
  close() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.shown = null;
    this.problem = "";
    this.box.clear();
    this.box.root.hidden = true;
    this.panel.hide();
  }

  /** @param {DiagnosisChanged} event */
  receiveDiagnosis(event) {
    this.diagnosis.receive(event);
  }

  /** @param {TrialsChanged} event */
  receiveTrials({ trials }) {
    this.trials.receive(trials);
  }

  /** Show the outcome of the run. @param {Run} run @param {Outcome} outcome */
  show(run, outcome) {
    const wasLive = this.shown === null || isLive(this.shown.run);
    this.shown = { run, outcome };
    if (wasLive && !isLive(run) && (run.epochs_completed > 0 || run.status === "diverged")) this.diagnosis.load();
    this.#draw();
  }

  /** Show what the URL opens. */
  refresh() {
    this.#draw();
  }

  /** Show a new state of the trials. Finished trials can change the diagnosis. */
  #handleTrials() {
    const { trials } = this;
    window.clearTimeout(this.timer);
    if (trials.inProgress) this.timer = window.setTimeout(() => trials.load(), CHECK_INTERVAL);
    if (trials.hasJustFinished) this.diagnosis.load();
    this.#draw();
  }

  #retry() {
    this.problem = "";
    this.diagnosis.load();
  }

  #draw() {
    if (!this.shown) return;
    const { run, outcome } = this.shown;
    const { linked, state } = this.options;
    const live = isLive(run);
    const isOpen = state.values.trials === "open";
    if (!live && (isOpen || this.diagnosis.isIll(run))) this.trials.loadOnce();
    const context = this.#context(run);
    this.box.show(
      {
        run,
        outcome,
        live,
        diagnosis: this.diagnosis.value,
        problem: this.problem || this.diagnosis.problem,
        findings: state.values.findings,
        href: linked ? `/runs/${run.id}` : "",
        trials: this.#trialsLine(run, isOpen),
      },
      context,
    );
    if (!isOpen || live) return this.panel.hide();
    const onClose = () => {
      state.navigate({ trials: "closed" });
      /** @type {HTMLElement | null} */ (this.box.root.querySelector("[data-part=trials] button"))?.focus();
    };
    this.panel.show({ ...context, trials: this.trials, onClose });
  }

  /** Return what the templates need. @param {Run} run @returns {FindingContext} */
  #context(run) {
    const { fields } = this.options;
    return {
      hyperparameters: run.hyperparameters,
      fields,
      terms: this.terms,
      isFirst: true,
      isHarmless: false,
      busy: this.busy,
      onRemedy: (changes) => this.#apply(/** @type {Hyperparameters} */ (changes), run),
      placeHref: (place, layer) => placeHref(run.id, place, layer),
      onPlace: (event, place, layer) => this.#showPlace(event, place, layer),
    };
  }

  /** Return the line that starts or opens the trials. @param {Run} run @param {boolean} isOpen */
  #trialsLine(run, isOpen) {
    const { trials } = this;
    if (isLive(run) || !this.diagnosis.isIll(run)) return nothing;
    const { status = "none" } = trials.value ?? {};
    const isStored = status === "finished" || status === "running";
    const open = async (/** @type {boolean} */ start) => {
      this.options.state.navigate({ trials: "open" });
      document.getElementById("trials-title")?.focus();
      if (start) await trials.start();
    };
    return html`<div class="hstack flex-wrap column-gap-3 row-gap-2 outcome-trials" data-part="trials">
      ${
        isStored
          ? html`<button type="button" class="btn btn-outline-secondary btn-sm" aria-expanded=${isOpen} aria-controls="trials"
              @click=${() => (isOpen ? this.options.state.navigate({ trials: "closed" }) : open(false))}>${isOpen ? "Hide the trials" : "Show the trials"}</button>`
          : html`<button type="button" class="btn btn-outline-secondary btn-sm" ?disabled=${trials.isAsked} @click=${() => open(true)}>Find the cause</button>`
      }
      <span class="small">${statusText(trials.value) || "Trials train each change for a moment and show which one helps."}</span>
    </div>`;
  }

  /** Start a run with changes. @param {Hyperparameters} changes @param {Run} run */
  async #apply(changes, run) {
    if (this.busy) return;
    this.busy = true;
    this.problem = "";
    this.#draw();
    try {
      await this.options.onRemedy(changes, run);
    } catch (error) {
      this.problem = errorMessage(error);
    } finally {
      this.busy = false;
      this.#draw();
    }
  }

  /** Show the chart or the strip of a number on this page, if it has one. @param {MouseEvent} event @param {string} place @param {number | null} layer */
  #showPlace(event, place, layer) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // another tab or window
    const { state, showChart, showInside } = this.options;
    if (place === "trials") state.navigate({ trials: "open" });
    else if (CHARTS.includes(place)) showChart(/** @type {"cost" | "accuracy"} */ (place));
    else if (showInside) showInside(place, layer);
    else return;
    event.preventDefault();
    if (place === "trials") document.getElementById("trials-title")?.focus();
  }
}

/**
 * Return the address of the chart or strip at a place.
 * @param {number} runId
 * @param {string} place
 * @param {number | null} layer
 */
function placeHref(runId, place, layer) {
  const page = `/runs/${runId}`;
  if (place === "trials") return `${page}?trials=open#trials`;
  if (CHARTS.includes(place)) return `${page}#charts`;
  return `${page}?quantity=${place}${layer === null ? "" : `&layer=${layer}`}#inside`;
}
