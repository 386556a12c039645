/**
 * Panel of one run, live or ended: status strip, download, outcome and charts. For images, the panel also contains the
 * misclassified images with the highest confidence; for tables, a plot of the outputs. Its template is
 * templates/parts/run_panel.html.
 *
 * @import {DatasetInfo, FieldInfo, Hyperparameters, Run} from "../../../types/api.js"
 * @import {TelemetryStored} from "../../../types/events.js"
 * @import {XAxis} from "../charts/x_axis.js"
 * @import {FindingsState} from "../findings/run_findings.js"
 * @import {EpochState} from "../outputs/section.js"
 */

import { loadPlotlyWhenIdle } from "../charts/plotly_loader.js";
import { byId } from "../core/dom.js";
import { exampleNoun, findDataset, isRegression, isTable, scoredSplits } from "../datasets/dataset_kind.js";
import { DownloadBar } from "../datasets/download_bar.js";
import { RunFindings } from "../findings/run_findings.js";
import { OutputsSection } from "../outputs/section.js";
import { LiveRun } from "../realtime/live_run.js";
import { QueueWatch } from "../realtime/queue_watch.js";
import { isLive } from "../realtime/run_status.js";
import { outcomeOf } from "./outcome.js";
import { StatusStrip } from "./status_strip.js";
import { TrainingCharts } from "./training_charts.js";
import { WorstMisclassified } from "./worst_misclassified.js";

/**
 * @typedef {object} PanelOptions
 * @property {readonly DatasetInfo[]} datasets
 * @property {readonly FieldInfo[]} fields all hyperparameters
 * @property {{values: FindingsState, navigate: (change: Partial<FindingsState>) => void}} state
 * @property {(changes: Hyperparameters, run: Run) => Promise<void> | void} onRemedy called with the changes of a remedy
 * @property {(run: Run) => void} onReuse called to fill the form with the hyperparameters of a run
 * @property {(quantity: string, layer: number | null) => void} [showInside] called to show a quantity inside the network
 * @property {(live: LiveRun) => void} [onRun] called when the status changes
 * @property {(live: LiveRun) => void} [onEpochs] called after new epochs
 * @property {(event: TelemetryStored) => void} [onTelemetry] called with measurements inside the network; an event may be
 *   missing or repeated
 * @property {(run: Run) => void} onDeleted called if the run has been deleted; the panel is empty then
 * @property {(xAxis: XAxis) => void} onXAxis called with the selected horizontal axis
 * @property {EpochState} [epochState] epoch of the outputs
 * @property {boolean} [linked] true if the outcome links to the run page
 */

export class RunPanel {
  /** @param {PanelOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {LiveRun | null} */
    this.live = null;
    /** Tiles of misclassified images; null if the data set is a table. @type {WorstMisclassified | null} */
    this.worst = null;
    /** @type {DatasetInfo | undefined} */
    this.dataset = undefined;
    this.strip = new StatusStrip(byId("status-strip"), async (command) => this.live?.sendCommand(command));
    this.charts = new TrainingCharts(byId("charts"), options.onXAxis);
    const { fields, state, onRemedy, onReuse, showInside, linked } = options;
    const showChart = (/** @type {"cost" | "accuracy"} */ kind) => this.charts.focus(kind);
    this.findings = new RunFindings({ fields, state, onRemedy, onReuse, showChart, showInside, linked });
    this.outputs = new OutputsSection(byId("outputs"), options.epochState);
    this.download = new DownloadBar(byId("download"), options.datasets);
    this.queue = new QueueWatch(() => this.live && this.#show(this.live));
    loadPlotlyWhenIdle();
  }

  /** Show a run in place of the previous one. @param {Run} run */
  async open(run) {
    this.live?.close();
    this.worst?.close();
    this.outputs.clear();
    this.dataset = findDataset(this.options.datasets, run);
    const { options } = this;
    const live = new LiveRun(run, scoredSplits(run, this.dataset), {
      onRun: () => this.#handleStatus(live),
      onEpochs: () => this.#handleEpochs(live),
      onBatch: (progress) => this.strip.showBatch(progress),
      onTelemetry: options.onTelemetry,
      onDiagnosis: (event) => this.findings.receiveDiagnosis(event),
      onTrials: (event) => this.findings.receiveTrials(event),
      onDeleted: () => this.#handleDeletion(live.run),
      onProblem: (message) => this.strip.showProblem(message),
    });
    this.live = live;
    this.findings.open(run);
    this.worst = isTable(this.dataset) ? null : new WorstMisclassified(byId("worst"), run, this.dataset);
    this.strip.noun = exampleNoun(this.dataset);
    this.charts.hasAccuracy = !isRegression(this.dataset);
    this.charts.show(live.epochs);
    await live.start();
  }

  /** Show no run. */
  close() {
    this.live?.close();
    this.live = null;
    this.queue.follow(null);
    this.worst?.close();
    this.outputs.clear();
    this.download.setDataset(null);
    for (const { root } of [this.strip, this.charts]) root.hidden = true;
    this.findings.close();
  }

  /** @param {Run} run */
  #handleDeletion(run) {
    this.close();
    this.options.onDeleted(run);
  }

  /** @param {LiveRun} live */
  #handleStatus(live) {
    const { run } = live;
    this.charts.root.hidden = !isLive(run) && run.epochs_completed === 0;
    this.download.setDataset(run.status === "queued" ? String(run.hyperparameters.dataset) : null);
    this.queue.follow(run);
    this.#show(live);
    this.options.onRun?.(live);
  }

  /** @param {LiveRun} live */
  #handleEpochs(live) {
    this.charts.show(live.epochs);
    this.worst?.show(live);
    this.#show(live);
    this.options.onEpochs?.(live);
  }

  /** Show the parts that depend on both the status and the epochs. @param {LiveRun} live */
  #show(live) {
    const { run, epochs } = live;
    this.strip.show(run, epochs);
    if (isTable(this.dataset)) this.outputs.show(live);
    this.findings.show(run, outcomeOf(run, epochs, this.dataset, this.queue.reason));
  }
}
