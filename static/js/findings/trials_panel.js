/**
 * Panel of the trials: their status, the bundle of their curves, and the ranking of the changes.
 *
 * @import {Hyperparameters, Trial, Trials} from "../../../types/api.js"
 * @import {Field} from "./finding_text.js"
 * @import {RunTrials} from "./run_trials.js"
 *
 * @typedef {object} TrialsContext
 * @property {RunTrials} trials
 * @property {Hyperparameters} hyperparameters of the run
 * @property {readonly Field[]} fields
 * @property {boolean} busy true while a remedy is being applied
 * @property {(changes: Record<string, unknown>) => void} onRemedy
 * @property {() => void} onClose
 */

import { LineChart } from "../charts/line_chart.js";
import { element } from "../core/dom.js";
import { cost } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { radioButtons } from "../ui/choices.js";
import { changesOf, changesText } from "./finding_text.js";
import { gapText, namedTrials, rankingText, scoreName, scoreText, statusText, trialLines } from "./trial_text.js";

/** @typedef {"accuracy" | "cost"} Metric */

export class TrialsPanel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Metric} */
    this.metric = "accuracy";
    this.chartsRoot = element("div", { className: "trials-charts" });
    /** Charts, created when they are first needed. @type {Record<Metric, LineChart> | null} */
    this.charts = null;
    /** @type {TrialsContext | null} */
    this.context = null;
  }

  hide() {
    this.root.hidden = true;
  }

  /** @param {TrialsContext} context */
  show(context) {
    this.context = context;
    this.root.hidden = false;
    this.#draw(context);
  }

  /** @param {TrialsContext} context */
  #draw(context) {
    const { trials, onClose } = context;
    const { value, problem } = trials;
    const hasCurves = value !== null && namedTrials(value).length > 0;
    render(
      html`<div class="hstack flex-wrap gap-2 justify-content-between">
          <h2 id="trials-title" tabindex="-1">Trials</h2>
          <div class="hstack flex-wrap gap-2">
            ${hasCurves ? this.#metricChoice(value) : nothing}
            ${trials.inProgress ? html`<button type="button" class="btn btn-outline-secondary btn-sm" @click=${() => trials.stop()}>Stop</button>` : nothing}
            <button type="button" class="btn btn-outline-secondary btn-sm" @click=${onClose}>Close</button>
          </div>
        </div>
        <p class="small text-body-secondary mb-0">Each trial trains for a moment from the same seed, with one change. A
          cause is shown if its trial learns better than the unchanged run and a random change. The ranking compares means
          over the last quarter of the epochs.</p>
        <p class="mb-0" role="status" data-part="trials-status">${statusText(value)}</p>
        ${this.#problem(problem, trials)}
        ${value && rankingText(value) ? html`<p class="fw-semibold num mb-0" data-part="ranking">${rankingText(value)}</p>` : nothing}
        ${hasCurves ? html`${this.chartsRoot}${this.#table(value, context)}` : nothing}`,
      this.root,
    );
    if (hasCurves) this.#drawCharts(value);
  }

  /** @param {Trials} value */
  #metricChoice(value) {
    const choices = /** @type {[Metric, string][]} */ ([
      ["accuracy", value.score === "train_r2" ? "R²" : "Accuracy"],
      ["cost", "Cost"],
    ]);
    const choose = (/** @type {Metric} */ metric) => {
      this.metric = metric;
      if (this.context) this.#draw(this.context);
    };
    return html`<div class="btn-group btn-group-sm" role="group" aria-label="Curves of the trials">
      ${radioButtons("trials-metric", choices, this.metric, choose)}
    </div>`;
  }

  /** Return the message of a failed request or of failed trials, with a button that starts them again. @param {string} problem @param {RunTrials} trials */
  #problem(problem, trials) {
    const canStart = trials.value?.status === "failed" || trials.value?.status === "stopped";
    if (!problem && !canStart) return nothing;
    const again = () => (canStart ? trials.start() : trials.load());
    return html`<div class="hstack flex-wrap gap-2" role=${problem ? "alert" : nothing}>
      ${problem ? html`<span>${problem}</span>` : nothing}
      <button type="button" class="btn btn-outline-secondary btn-sm" @click=${again}>${canStart ? "Start the trials again" : "Try again"}</button>
    </div>`;
  }

  /** @param {Trials} value */
  #drawCharts(value) {
    this.charts ??= {
      accuracy: new LineChart(this.chartsRoot, {
        title: scoreName(value),
        kind: value.score === "train_r2" ? "cost" : "accuracy",
      }),
      cost: new LineChart(this.chartsRoot, { title: "Training cost", kind: "cost" }),
    };
    for (const [metric, chart] of /** @type {[Metric, LineChart][]} */ (Object.entries(this.charts))) {
      chart.element.hidden = metric !== this.metric;
      chart.show(trialLines(value, metric));
    }
  }

  /** @param {Trials} value @param {TrialsContext} context */
  #table(value, context) {
    return html`<div class="table-responsive" tabindex="0" role="region" aria-label="Ranking of the trials">
      <table class="table table-sm small align-middle trials-table">
        <thead><tr>
          <th scope="col">#</th>
          <th scope="col">Trial</th>
          <th scope="col" class="text-end">${value.score === "train_r2" ? "R²" : "Accuracy"}</th>
          <th scope="col" class="text-end trials-cost">Cost</th>
          <th scope="col" class="ps-4">Gap closed</th>
          <td></td>
        </tr></thead>
        <tbody>${namedTrials(value).map(({ trial, name, endName }) => this.#row(value, trial, name, endName, context))}</tbody>
      </table>
    </div>`;
  }

  /** @param {Trials} value @param {Trial} trial @param {string} name @param {string} endName @param {TrialsContext} context */
  #row(value, trial, name, endName, { hyperparameters, fields, busy, onRemedy, trials }) {
    const isCandidate = trial.kind === "candidate";
    const changes = changesOf(trial.changes, hyperparameters, fields);
    const canApply = isCandidate && changes.length > 0 && !trials.inProgress;
    const width = `width: ${100 * Math.min(1, Math.max(0, trial.gap_closed ?? 0))}%`;
    return html`<tr data-kind=${trial.kind}>
      <td class="num">${isCandidate ? endName : ""}</td>
      <th scope="row" class="fw-normal">${name}
        ${isCandidate ? nothing : html`<span class="text-body-secondary">(${endName})</span>`}
        ${trial.kind === "reference" || changes.length === 0 ? nothing : html`<span class="d-block text-body-secondary">${changesText(changes)}</span>`}</th>
      <td class="num text-end">${scoreText(value, trial.validation_accuracy)}</td>
      <td class="num text-end trials-cost">${cost(trial.train_cost)}</td>
      <td class="num text-start ps-4"><span class="trials-gap"><span class="trials-gap-bar" aria-hidden="true"><span .style=${width}></span></span>${gapText(trial)}</span></td>
      <td>${canApply ? html`<button type="button" class="btn btn-outline-secondary btn-sm text-nowrap" ?disabled=${busy} aria-label=${`Apply: ${name}`} @click=${() => onRemedy(trial.changes)}>Apply</button>` : nothing}</td>
    </tr>`;
  }
}
