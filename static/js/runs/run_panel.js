/**
 * Panel of one run, live or ended: status strip, download, outcome and charts. For images, the panel also contains the
 * misclassified images with the highest confidence; for tables, a plot of the outputs. Its template is
 * templates/parts/run_panel.html.
 *
 * @import {DatasetInfo, Hyperparameters, Run} from "../../../types/api.js"
 * @import {XAxis} from "../charts/x_axis.js"
 */

import { loadPlotlyWhenIdle } from "../charts/plotly_loader.js";
import { byId } from "../core/dom.js";
import { exampleNoun, findDataset, isRegression, isTable, scoredSplits } from "../datasets/dataset_kind.js";
import { DownloadBar } from "../datasets/download_bar.js";
import { OutputsSection } from "../outputs/section.js";
import { LiveRun } from "../realtime/live_run.js";
import { isLive } from "../realtime/run_status.js";
import { outcomeOf, renderOutcome } from "./outcome.js";
import { StatusStrip } from "./status_strip.js";
import { TrainingCharts } from "./training_charts.js";
import { WorstMisclassified } from "./worst_misclassified.js";

export class RunPanel {
  /**
   * @param {object} options
   * @param {readonly DatasetInfo[]} options.datasets
   * @param {(changes: Hyperparameters, run: Run) => void} options.onRemedy called with the changes of a remedy
   * @param {(live: LiveRun) => void} [options.onRun] called when the status changes
   * @param {(live: LiveRun) => void} [options.onEpochs] called after new epochs
   * @param {(xAxis: XAxis) => void} options.onXAxis called with the selected horizontal axis
   * @param {import("../outputs/section.js").EpochChoice} [options.epochChoice] access to the epoch of the outputs
   * @param {boolean} [options.linked] true if the outcome links to the run page
   */
  constructor({ datasets, onRemedy, onRun, onEpochs, onXAxis, epochChoice, linked = false }) {
    this.datasets = datasets;
    this.onRemedy = onRemedy;
    this.onRun = onRun;
    this.onEpochs = onEpochs;
    this.linked = linked;
    /** @type {LiveRun | null} */
    this.live = null;
    /** Tiles of misclassified images; null if the data set is a table. @type {WorstMisclassified | null} */
    this.worst = null;
    /** @type {DatasetInfo | undefined} */
    this.dataset = undefined;
    this.strip = new StatusStrip(byId("status-strip"), async (command) => this.live?.sendCommand(command));
    this.outcome = byId("outcome");
    this.charts = new TrainingCharts(byId("charts"), onXAxis);
    this.outputs = new OutputsSection(byId("outputs"), epochChoice ?? null);
    this.download = new DownloadBar(byId("download"), datasets);
    loadPlotlyWhenIdle();
  }

  /** Show a run in place of the previous one. @param {Run} run */
  async open(run) {
    this.live?.close();
    this.worst?.close();
    this.outputs.clear();
    this.dataset = findDataset(this.datasets, run);
    const live = new LiveRun(run, scoredSplits(run, this.dataset), {
      onRun: () => this.#handleStatus(live),
      onEpochs: () => this.#handleEpochs(live),
      onBatch: (progress) => this.strip.showBatch(progress),
      onProblem: (message) => this.strip.showProblem(message),
    });
    this.live = live;
    this.worst = isTable(this.dataset) ? null : new WorstMisclassified(byId("worst"), run, this.dataset);
    this.strip.noun = exampleNoun(this.dataset);
    this.charts.hasAccuracy = !isRegression(this.dataset);
    this.charts.show(live.epochs);
    await live.start();
  }

  /** @param {LiveRun} live */
  #handleStatus(live) {
    const { run } = live;
    this.charts.root.hidden = !isLive(run) && run.epochs_completed === 0;
    this.download.setDataset(run.status === "queued" ? String(run.hyperparameters.dataset) : null);
    this.#show(live);
    this.onRun?.(live);
  }

  /** @param {LiveRun} live */
  #handleEpochs(live) {
    this.charts.show(live.epochs);
    this.worst?.show(live);
    this.#show(live);
    this.onEpochs?.(live);
  }

  /** Show the parts that depend on both the status and the epochs. @param {LiveRun} live */
  #show(live) {
    const { run, epochs } = live;
    this.strip.show(run, epochs);
    if (isTable(this.dataset)) this.outputs.show(live);
    const href = this.linked ? `/runs/${run.id}` : "";
    const onRemedy = (/** @type {Hyperparameters} */ changes) => this.onRemedy(changes, run);
    renderOutcome(this.outcome, outcomeOf(run, epochs, this.dataset), onRemedy, href);
  }
}
