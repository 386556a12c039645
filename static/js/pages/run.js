/** Run page: charts, results and hyperparameters of one run, live or ended. */

import { X_AXES } from "../charts/x_axis.js";
import { BeforeAfter } from "../comparison/before_after.js";
import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { choice, optionalInteger, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { QUANTITY_KEYS } from "../diagnosis/quantities.js";
import { INSIDE_VIEWS, InsideSection } from "../diagnosis/section.js";
import { TRIALS_VIEWS } from "../findings/run_findings.js";
import { FINDINGS_VIEWS } from "../findings/verdict_box.js";
import { loadChoices } from "../hyperparameters/choices.js";
import { reuseUrl } from "../hyperparameters/form_url.js";
import { renderHyperparameters } from "../hyperparameters/table.js";
import { showDeletedRun } from "../realtime/deleted_runs.js";
import { isLive } from "../realtime/run_status.js";
import { downloads, hyperparametersJson, renderDownloads } from "../runs/downloads.js";
import { FirstLayerWeights } from "../runs/first_layer_weights.js";
import { renderKeyMetrics } from "../runs/key_metrics.js";
import { RunDialog } from "../runs/run_dialog.js";
import { renderRunHeader } from "../runs/run_header.js";
import { RunPanel } from "../runs/run_panel.js";
import { TestResults } from "../runs/test_results.js";
import { start } from "./start.js";

/**
 * @import {DatasetInfo, FieldInfo, Hyperparameters, Run, StoredCheckpoint} from "../../../types/api.js"
 * @import {XAxis} from "../charts/x_axis.js"
 * @import {InsideView} from "../diagnosis/section.js"
 * @import {FindingsState} from "../findings/run_findings.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 * @import {Choices} from "../hyperparameters/choices.js"
 * @import {LiveRun} from "../realtime/live_run.js"
 */

const CODECS = {
  epoch: optionalInteger(1),
  x: choice(X_AXES),
  quantity: choice(["auto", ...QUANTITY_KEYS]),
  layer: optionalInteger(1),
  inside: choice(INSIDE_VIEWS),
  findings: choice(FINDINGS_VIEWS),
  trials: choice(TRIALS_VIEWS),
};

class RunPage {
  /** @param {Run} run @param {Choices} choices */
  constructor(run, { schema, presets, datasets }) {
    this.run = run;
    /** The run with its current name and notes. */
    this.shown = run;
    /** @type {StoredCheckpoint[]} */
    this.checkpoints = [];
    /** State of the run in which its checkpoints were last requested. */
    this.checkpointState = "";
    this.formUrl = (/** @type {Run} */ source) => reuseUrl(schema, presets, source);
    /** File of hyperparameters and its URL. */
    this.hyperparameters = "";
    this.hyperparametersHref = "";
    const dataset = findDataset(datasets, run);
    this.hasImages = !isTable(dataset);
    this.results = this.hasImages ? new TestResults(byId("results"), run.id) : null;
    this.weights = this.hasImages ? new FirstLayerWeights(byId("weights"), byId("weights-image"), run) : null;
    this.facts = byId("run-facts");
    this.metrics = byId("metrics");
    this.facts.replaceChildren();
    this.metrics.replaceChildren();
    /** @type {UrlState<InsideView & FindingsState & {x: XAxis}>} */
    this.state = new UrlState(CODECS, () => this.#navigate());
    const reuseHref = this.formUrl(run);
    this.inside = new InsideSection(run, { outputs: dataset?.n_outputs ?? 1, state: this.state, reuseHref });
    this.panel = this.#createPanel(datasets, schema.fields);
    this.beforeAfter =
      run.same_start_as === null ? null : new BeforeAfter(byId("before-after"), run, schema.fields, dataset);
    this.panel.charts.setXAxis(this.state.values.x);
    this.dialog = new RunDialog({
      onChanged: (changed) => {
        this.shown = changed;
        if (this.panel.live) this.#show(this.panel.live);
      },
      onDeleted: () => location.assign("/runs"),
    });
    renderRunHeader(this.facts, run);
    /** @type {HTMLAnchorElement} */ (byId("reuse")).href = reuseHref;
    byId("edit-run").addEventListener("click", () => this.dialog.open(this.shown));
    renderHyperparameters(byId("hyperparameters"), schema, run.hyperparameters);
  }

  /** @param {DatasetInfo[]} datasets @param {FieldInfo[]} fields */
  #createPanel(datasets, fields) {
    return new RunPanel({
      datasets,
      fields,
      state: this.state,
      onRemedy: (changes, { id }) => this.#applyRemedy(changes, id),
      onReuse: (ended) => location.assign(this.formUrl(ended)),
      showInside: (quantity, layer) => this.#showInside(/** @type {InsideView["quantity"]} */ (quantity), layer),
      onRun: (live) => {
        this.shown = live.run;
        this.#show(live);
        this.inside.show(live);
      },
      onEpochs: (live) => {
        this.#show(live);
        this.results?.show(live.epochs.epochs.length);
        this.inside.show(live);
      },
      onTelemetry: (event) => this.inside.receive(event),
      onDeleted: (deleted) => this.#showDeletion(deleted),
      onXAxis: (x) => this.state.navigate({ x }),
      epochState: this.state,
    });
  }

  /** Start a run with changes and the same seed, and open it. @param {Hyperparameters} changes @param {number} id */
  async #applyRemedy(changes, id) {
    const run = await api.post("/api/runs", { same_start_as: id, changes });
    location.assign(`/runs/${run.id}`);
  }

  /** Show a quantity inside the network. @param {InsideView["quantity"]} quantity @param {number | null} layer */
  #showInside(quantity, layer) {
    this.state.navigate({ quantity, layer });
    const section = byId("inside");
    section.scrollIntoView();
    /** @type {HTMLElement | null} */ (section.querySelector('[role="slider"][tabindex="0"]'))?.focus({
      preventScroll: true,
    });
  }

  /** @param {Run} run */
  #showDeletion(run) {
    byId("run").hidden = true;
    showDeletedRun(run);
  }

  /** Show the x-axis and the epoch of the URL. */
  #navigate() {
    const { charts, outputs } = this.panel;
    const { x } = this.state.values;
    if (x !== charts.xAxis) charts.setXAxis(x);
    this.panel.findings.refresh();
    outputs.refresh();
    this.inside.refresh();
  }

  /** Return the URL of the file of hyperparameters, which contains the current name. */
  #hyperparametersUrl() {
    const content = hyperparametersJson(this.shown);
    if (content !== this.hyperparameters) {
      URL.revokeObjectURL(this.hyperparametersHref);
      this.hyperparametersHref = URL.createObjectURL(new Blob([content], { type: "application/json" }));
      this.hyperparameters = content;
    }
    return this.hyperparametersHref;
  }

  /** Update the parts of the page that are not in the panel. @param {LiveRun} live */
  #show({ run, epochs }) {
    const hasEpochs = this.shown.epochs_completed > 0 || epochs.last !== null;
    const hasContent = hasEpochs || isLive(run);
    renderRunHeader(this.facts, this.shown);
    byId("see-misclassified").hidden = !this.hasImages || !hasContent;
    renderKeyMetrics(this.metrics, run, epochs);
    this.beforeAfter?.show({ run, epochs });
    /** @type {HTMLElement} */ (this.metrics.parentElement).hidden = !hasContent;
    const { checkpoints } = this;
    const hyperparametersHref = this.#hyperparametersUrl();
    renderDownloads(byId("downloads"), downloads(this.run, { hasEpochs, checkpoints, hyperparametersHref }));
    this.weights?.show({ run, epochs });
    this.#loadCheckpoints({ run, epochs });
  }

  /**
   * Request the list of checkpoints at the first epoch, at the first best epoch, and when the status changes: only then
   * can a checkpoint appear.
   * @param {{run: Run, epochs: EpochSeries}} live
   */
  async #loadCheckpoints({ run, epochs }) {
    const state = `${run.status} ${epochs.last !== null} ${epochs.best !== null}`;
    if (state === this.checkpointState) return;
    this.checkpointState = state;
    const { items } = await api.get(`/api/runs/${run.id}/checkpoints`).catch(() => ({ items: [] }));
    if (state !== this.checkpointState || !this.panel.live) return;
    this.checkpoints = items;
    this.#show(this.panel.live);
  }
}

start(async () => {
  /** @type {Run} */
  const run = JSON.parse(byId("run").dataset.run ?? "null");
  await new RunPage(run, await loadChoices()).panel.open(run);
});
