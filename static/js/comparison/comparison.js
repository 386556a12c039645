/** Comparison of several runs: cost and accuracy in two charts, their results, and the hyperparameters that differ. */

import { createCharts } from "../charts/line_chart.js";
import { xAxisSelect } from "../charts/x_axis.js";
import { api, isMissing } from "../core/api.js";
import { element } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { findDataset, isRegression, scoredSplits } from "../datasets/dataset_kind.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { radioButtons } from "../ui/choices.js";
import { differenceRows, resultRows } from "./rows.js";
import { distinctNames, endNames } from "./run_names.js";
import { assignColors, chooseSplit, SPLIT_NAMES } from "./splits.js";

/**
 * @import {DatasetInfo, FieldInfo, Run} from "../../../types/api.js"
 * @import {Series} from "../charts/line_chart_layout.js"
 * @import {XAxis} from "../charts/x_axis.js"
 * @import {Split} from "./splits.js"
 *
 * @typedef {object} ComparisonListener
 * @property {(split: Split) => void} onSplit
 * @property {(xAxis: XAxis) => void} onXAxis
 * @property {(id: number) => void} onRemove
 * @property {() => void} onClose
 * @property {(error: unknown) => void} onError
 *
 * @typedef {object} ComparisonView
 * @property {Split} split split whose metrics the charts show
 * @property {XAxis} x horizontal axis
 */

const NAME_LENGTH = 28; // characters in the legend
const END_LENGTH = 10; // characters at the end of a line

export class Comparison {
  /** @param {HTMLElement} section @param {readonly DatasetInfo[]} datasets @param {ComparisonListener} listener */
  constructor(section, datasets, listener) {
    this.section = section;
    this.datasets = datasets;
    this.listener = listener;
    /** @type {Map<number, EpochSeries>} */
    this.epochs = new Map();
    /** Color number of each compared run, by run id. @type {ReadonlyMap<number, number>} */
    this.colors = new Map();
    /** Charts, created when they are first needed. @type {ReturnType<typeof createCharts> | null} */
    this.charts = null;
    this.chartsElement = element("div", { className: "comparison-charts" });
    /** @type {Run[]} */
    this.runs = [];
    this.note = "";
    /** @type {ComparisonView} */
    this.view = { split: "validation", x: "epochs" };
    /** All hyperparameters. @type {FieldInfo[]} */
    this.fields = [];
    this.loading = false;
  }

  /**
   * Compare runs, or hide the comparison if there are none.
   * @param {Run[]} runs at most MAX_COMPARED
   * @param {ComparisonView} view
   * @param {string} note sentence about runs that are not compared, or an empty text
   */
  update(runs, view, note) {
    Object.assign(this, { runs, view, note });
    this.section.hidden = this.runs.length === 0;
    if (this.runs.length === 0) return;
    const ids = this.runs.map((run) => run.id);
    this.colors = assignColors(this.colors, ids);
    this.#draw();
    this.#load().catch(this.listener.onError);
  }

  /** Scroll to the comparison, and focus its heading. */
  focus() {
    this.section.scrollIntoView();
    this.#focusHeading();
  }

  #focusHeading() {
    /** @type {HTMLElement | null} */ (this.section.querySelector("h2"))?.focus({ preventScroll: true });
  }

  /** Return which splits of a run have metrics. @param {Run} run */
  #splits(run) {
    return { train: true, ...scoredSplits(run, findDataset(this.datasets, run)) };
  }

  #draw() {
    const names = this.#names();
    const compared = this.runs.map((run) => ({ name: names.get(run.id) ?? "", splits: this.#splits(run) }));
    const { offered, selected, note } = chooseSplit(compared, this.view.split);
    const choices = offered.map((split) => /** @type {const} */ ([split, SPLIT_NAMES[split]]));
    render(
      html`<div class="d-flex flex-wrap justify-content-between align-items-center gap-2">
          <h2 id="comparison-title" tabindex="-1">Comparison</h2>
          <div class="hstack flex-wrap gap-3 small">
            ${xAxisSelect(this.view.x, this.listener.onXAxis)}
            <div class="btn-group btn-group-sm" role="group" aria-label="Examples shown in the charts">
              ${radioButtons("figure", choices, selected, this.listener.onSplit)}
            </div>
            <button type="button" class="btn btn-outline-secondary btn-sm" @click=${this.listener.onClose}>Close</button>
          </div>
        </div>
        <ul class="comparison-runs list-unstyled hstack flex-wrap gap-2 mb-0">${this.runs.map((run) => this.#chip(run, names.get(run.id)))}</ul>
        ${[this.note, note].filter(Boolean).map((text) => html`<p class="small text-body-secondary mb-0">${text}</p>`)}
        ${this.chartsElement} ${this.#results()}`,
      this.section,
    );
    this.#drawCharts(selected, this.view.x);
  }

  /** Return the names of the runs. @param {number} [maxLength] */
  #names(maxLength = Infinity) {
    return distinctNames(this.runs, maxLength);
  }

  /** @param {Run} run @param {string} [name] */
  #chip(run, name = run.name) {
    return html`<li class="hstack gap-2 mw-100 px-2 border rounded small text-break">
      ${this.#mark(run)}<a class="py-1" href="/runs/${run.id}">${name}</a>
      <button type="button" class="btn btn-link btn-sm px-2" aria-label=${`Remove ${name} from the comparison`}
        @click=${() => this.#remove(run)}>✕</button>
    </li>`;
  }

  /** @param {Run} run */
  #remove(run) {
    this.#focusHeading(); // the focused button is removed
    this.listener.onRemove(run.id);
  }

  /** Return a mark in the color of a run. @param {Run} run */
  #mark(run) {
    const style = `--run: var(--series-${this.colors.get(run.id)})`;
    return html`<span class="run-mark" aria-hidden="true" .style=${style}></span>`;
  }

  #results() {
    const names = this.#names();
    const several = this.runs.length > 1;
    const rows = [...resultRows(this.runs), ...differenceRows(this.runs, this.fields)];
    return html`<section class="card card-body">
      <h3 class="mb-2">${several ? "Differences" : "Select a second run to see the differences"}</h3>
      <div class="table-responsive" tabindex="0" role="region" aria-label="Differences between the runs">
        <table class="table table-sm small comparison-results" data-part="differences">
          ${several ? html`<caption>All other hyperparameters are the same.</caption>` : nothing}
          <thead>
            <tr>
              <td></td>
              ${this.runs.map((run) => html`<th scope="col" class="text-end">${this.#mark(run)} ${names.get(run.id)}</th>`)}
            </tr>
          </thead>
          <tbody>${rows.map(resultRow)}</tbody>
        </table>
      </div>
    </section>`;
  }

  /** @param {Split} split @param {XAxis} xAxis */
  #drawCharts(split, xAxis) {
    this.charts ??= createCharts(this.chartsElement);
    const classifiers = this.runs.filter((run) => !isRegression(findDataset(this.datasets, run)));
    this.charts.accuracy.element.hidden = classifiers.length === 0;
    this.charts.cost.show(this.runs.flatMap((run) => this.#line(run, split, "cost", xAxis)));
    this.charts.accuracy.show(classifiers.flatMap((run) => this.#line(run, split, "accuracy", xAxis)));
    for (const chart of Object.values(this.charts)) if (chart.scale.xAxis !== xAxis) chart.setScale({ xAxis });
  }

  /**
   * Return the line of a run, or nothing if the run has no metrics for the split.
   * @param {Run} run
   * @param {Split} split
   * @param {"cost" | "accuracy"} kind
   * @param {XAxis} xAxis
   * @returns {Series[]}
   */
  #line(run, split, kind, xAxis) {
    const epochs = this.epochs.get(run.id);
    if (!epochs?.splits[split]) return [];
    const name = this.#names(NAME_LENGTH).get(run.id) ?? "";
    const endName = endNames(this.runs, END_LENGTH).get(run.id) ?? name;
    const number = this.colors.get(run.id) ?? 1;
    const points = { x: epochs[xAxis], y: epochs.columns[`${split}_${kind}`] };
    return [{ key: `run-${run.id}`, name, endName, color: `--series-${number}`, number, ...points }];
  }

  /** Load the hyperparameters and the missing epochs, and draw them. */
  async #load() {
    if (this.loading) return;
    this.loading = true;
    try {
      if (this.fields.length === 0) {
        this.fields = (await api.get("/api/hyperparameters")).fields;
        this.#draw();
      }
      for (let runs = this.#incompleteRuns(); runs.length; runs = this.#incompleteRuns()) {
        const loaded = await Promise.all(runs.map((run) => this.#loadNewEpochs(run)));
        this.#draw();
        if (loaded.includes(0)) break; // the next update of the run starts another load
      }
    } finally {
      this.loading = false;
    }
  }

  /** Return the runs of which this page has not loaded all completed epochs. */
  #incompleteRuns() {
    return this.runs.filter((run) => (this.epochs.get(run.id)?.epochs.length ?? 0) < run.epochs_completed);
  }

  /** @param {Run} run @returns {Promise<number>} number of new epochs */
  async #loadNewEpochs(run) {
    const epochs = this.epochs.get(run.id) ?? new EpochSeries(this.#splits(run));
    const items = await this.#request(run, epochs.epochs.length);
    for (const result of items) epochs.append(result);
    this.epochs.set(run.id, epochs);
    return items.length;
  }

  /** Return the epochs of a run after a number of epochs; none if it was just deleted. @param {Run} run @param {number} after */
  async #request(run, after) {
    try {
      return (await api.get(`/api/runs/${run.id}/epochs?after=${after}`)).items;
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

/** Return a row of the table of results. @param {import("./rows.js").Row} row */
function resultRow({ label, cells }) {
  return html`<tr><th scope="row">${label}</th>${cells.map((cell) => html`<td class="num">${cell}</td>`)}</tr>`;
}
