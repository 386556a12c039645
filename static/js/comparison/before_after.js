/**
 * A run beside the earlier run whose hyperparameters and seed it took over: what was changed, the curves of both in one
 * chart, and their results.
 *
 * @import {DatasetInfo, FieldInfo, Run} from "../../../types/api.js"
 * @import {Series} from "../charts/line_chart_layout.js"
 */

import { LineChart } from "../charts/line_chart.js";
import { ApiError, api, isMissing } from "../core/api.js";
import { element } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { isRegression, scoredSplits } from "../datasets/dataset_kind.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { retryAlert } from "../ui/retry_alert.js";
import { beforeAfterRows, changedText, deletedText } from "./before_after_text.js";
import { chooseSplit, SPLIT_NAMES } from "./splits.js";

export class BeforeAfter {
  /**
   * @param {HTMLElement} root
   * @param {Run} run run with `same_start_as`
   * @param {readonly FieldInfo[]} fields
   * @param {DatasetInfo | undefined} dataset
   */
  constructor(root, run, fields, dataset) {
    this.root = root;
    this.run = run;
    this.fields = fields;
    this.dataset = dataset;
    this.epochs = new EpochSeries(scoredSplits(run, dataset));
    /** The earlier run; null before it is loaded or if it was deleted. @type {Run | null} */
    this.earlier = null;
    this.earlierEpochs = new EpochSeries();
    this.isDeleted = false;
    this.problem = "";
    this.metric = /** @type {"cost" | "accuracy"} */ (isRegression(dataset) ? "cost" : "accuracy");
    this.chartRoot = element("div", {});
    /** @type {LineChart | null} */
    this.chart = null;
    this.#load();
  }

  /** Show the current state of the run. @param {{run: Run, epochs: EpochSeries}} live */
  show({ run, epochs }) {
    this.run = run;
    this.epochs = epochs;
    this.#draw();
  }

  async #load() {
    const path = `/api/runs/${this.run.same_start_as}`;
    this.problem = "";
    try {
      const [earlier, { items }] = await Promise.all([api.get(path), api.get(`${path}/epochs?after=0`)]);
      this.earlierEpochs = new EpochSeries(scoredSplits(earlier, this.dataset));
      for (const result of items) this.earlierEpochs.append(result);
      this.earlier = earlier;
    } catch (error) {
      if (isMissing(error)) this.isDeleted = true;
      else if (error instanceof ApiError) this.problem = error.message;
      else throw error;
    }
    this.#draw();
  }

  #draw() {
    const { earlier, run } = this;
    render(
      html`<div class="hstack flex-wrap justify-content-between gap-2">
          <h2 id="before-after-title">Before and after</h2>
          ${earlier ? html`<a class="btn btn-outline-secondary btn-sm d-print-none" href=${`/runs?compare=${earlier.id},${run.id}`}>Compare in full</a>` : nothing}
        </div>
        ${this.isDeleted ? html`<p class="mb-0">${deletedText(Number(run.same_start_as))}</p>` : nothing}
        ${this.problem ? retryAlert(this.problem, () => this.#load()) : nothing}
        ${earlier ? this.#comparison(earlier) : nothing}`,
      this.root,
    );
    if (earlier) this.#drawChart(earlier);
  }

  /** @param {Run} earlier */
  #comparison(earlier) {
    const { run, fields } = this;
    const rows = beforeAfterRows(earlier, run, fields);
    return html`
      <p class="mb-0" data-part="changed">${changedText(earlier, run, fields)}</p>
      <div class="before-after">
        ${this.chartRoot}
        <div class="table-responsive" tabindex="0" role="region" aria-label="Results before and after the change">
          <table class="table table-sm small mb-0">
            <thead><tr>
              <td></td>
              <th scope="col" class="text-end">Before: <a class="text-nowrap" href=${`/runs/${earlier.id}`}>run ${earlier.id}</a></th>
              <th scope="col" class="text-end">After: this run</th>
            </tr></thead>
            <tbody>${rows.map(({ label, cells }) => html`<tr><th scope="row">${label}</th>${cells.map((cell) => html`<td class="num text-end">${cell}</td>`)}</tr>`)}</tbody>
          </table>
        </div>
      </div>`;
  }

  /** @param {Run} earlier */
  #drawChart(earlier) {
    const compared = [this.earlierEpochs, this.epochs].map(({ splits }) => ({ name: "", splits }));
    const { selected } = chooseSplit(compared, "validation");
    const { metric } = this;
    const title = `${SPLIT_NAMES[selected]} ${metric}`;
    this.chart ??= new LineChart(this.chartRoot, { title, kind: metric });
    const line = (/** @type {EpochSeries} */ epochs, /** @type {string} */ name, /** @type {number} */ number) =>
      /** @type {Series} */ ({
        key: `${name.toLowerCase()}-line`,
        name,
        color: `--series-${number}`,
        number,
        dash: number === 2 ? "9px,5px" : undefined,
        x: epochs.epochs,
        y: epochs.columns[`${selected}_${metric}`],
      });
    this.root.dataset.earlier = String(earlier.id);
    this.chart.show([line(this.epochs, "After", 1), line(this.earlierEpochs, "Before", 2)]);
  }
}
