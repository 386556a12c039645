/**
 * One run, live or ended: status strip, download, outcome, charts, and the misclassified images with the highest
 * confidence or a figure of its outputs. The template is templates/parts/run_panel.html.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Hyperparameters} Hyperparameters
 * @typedef {import("../charts/x_axis.js").XAxis} XAxis
 */

import { byId, element } from "../core/dom.js";
import { exampleNoun, findDataset, isRegression, isTable, scoredSplits } from "../datasets/dataset_kind.js";
import { DownloadBar } from "../datasets/download_bar.js";
import { OutputsSection } from "../outputs/section.js";
import { LiveRun } from "../realtime/live_run.js";
import { isLive } from "../realtime/run_status.js";
import { outcomeOf } from "./outcome.js";
import { renderOutcome } from "./outcome_callout.js";
import { StatusStrip } from "./status_strip.js";
import { TrainingCharts } from "./training_charts.js";
import { WorstMisclassified } from "./worst_misclassified.js";

export class RunPanel {
  /**
   * @param {object} options
   * @param {readonly DatasetInfo[]} options.datasets
   * @param {(changes: Hyperparameters, run: Run) => void} options.onRemedy what the outcome suggests was chosen
   * @param {(live: LiveRun) => void} [options.onRun] the run's status changed
   * @param {(live: LiveRun) => void} [options.onEpochs] the run has more epochs
   * @param {(xAxis: XAxis) => void} options.onXAxis what the charts are to be over was chosen
   * @param {import("../outputs/section.js").EpochChoice} [options.epochChoice] where an epoch of the outputs is chosen
   * @param {boolean} [options.linked] whether the outcome leads to the run's own page
   */
  constructor({ datasets, onRemedy, onRun, onEpochs, onXAxis, epochChoice, linked = false }) {
    this.datasets = datasets;
    this.onRemedy = onRemedy;
    this.onRun = onRun;
    this.onEpochs = onEpochs;
    this.linked = linked;
    /** @type {LiveRun | null} */
    this.live = null;
    /** Of pictures. @type {WorstMisclassified | null} */
    this.worst = null;
    /** @type {DatasetInfo | undefined} */
    this.dataset = undefined;
    this.strip = new StatusStrip(byId("status-strip"), async (command) => this.live?.sendCommand(command));
    this.charts = new TrainingCharts(byId("charts"), onXAxis);
    this.outputs = new OutputsSection(byId("outputs"), epochChoice ?? null);
    this.download = new DownloadBar(byId("download"), datasets);
  }

  /**
   * Show this run, and no other any more.
   * @param {Run} run
   */
  async open(run) {
    this.live?.close();
    this.worst?.close();
    this.outputs.clear();
    this.dataset = findDataset(this.datasets, run);
    const live = new LiveRun(run, scoredSplits(run, this.dataset), {
      onRun: () => this.#changed(live),
      onEpochs: () => this.#grown(live),
      onBatch: (progress) => this.strip.showBatch(progress),
      onProblem: (message) => this.strip.complain(message),
    });
    this.live = live;
    this.worst = isTable(this.dataset) ? null : new WorstMisclassified(byId("worst"), run, this.dataset);
    this.strip.noun = exampleNoun(this.dataset);
    this.charts.hasAccuracy = !isRegression(this.dataset);
    this.charts.show(live.epochs);
    await live.start();
  }

  /** @param {LiveRun} live */
  #changed(live) {
    const { run } = live;
    this.strip.show(run, live.epochs);
    byId("charts").hidden = !isLive(run) && run.epochs_completed === 0;
    this.download.setDataset(run.status === "queued" ? String(run.hyperparameters.dataset) : null);
    if (isTable(this.dataset)) this.outputs.show(live);
    this.#conclude(live);
    this.onRun?.(live);
  }

  /** @param {LiveRun} live */
  #grown(live) {
    this.charts.show(live.epochs);
    this.strip.show(live.run, live.epochs);
    this.worst?.show(live);
    if (isTable(this.dataset)) this.outputs.show(live);
    this.#conclude(live);
    this.onEpochs?.(live);
  }

  /** @param {LiveRun} live */
  #conclude({ run, epochs }) {
    const complete = !isLive(run) && epochs.epochs.length >= run.epochs_completed;
    const outcome = complete ? outcomeOf(run, epochs, this.dataset) : null;
    const link = element("a", { className: "btn btn-secondary btn-sm", href: `/runs/${run.id}` }, "Open the run");
    const more = this.linked ? [link] : [];
    renderOutcome(byId("outcome"), outcome, (changes) => this.onRemedy(changes, run), ...more);
  }
}
