/**
 * Outputs section of a run whose data set is a table. It shows a figure and a summary of the outputs after the chosen
 * or the latest epoch.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").Outputs} Outputs
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../realtime/live_run.js").LiveRun} LiveRun
 * @typedef {import("../charts/figure.js").OutputFigure} OutputFigure
 *
 * @typedef {object} EpochChoice
 * @property {() => number | null} chosen returns the chosen epoch, or null for the latest
 * @property {(epoch: number | null, kind: string) => void} choose
 */

import { FigurePlot } from "../charts/figure_plot.js";
import { ApiError, isAborted } from "../core/api.js";
import { partOf, setAttribute, setText } from "../core/dom.js";
import { RequestCache } from "../core/request_cache.js";
import { EpochFollower } from "../realtime/epoch_follower.js";
import { isLive } from "../realtime/run_status.js";
import { EpochSlider } from "../ui/epoch_slider.js";
import { decisionBoundaryFigure } from "./decision_boundary.js";
import { fittedCurveFigure } from "./fitted_curve.js";
import { renderPointsTable } from "./points_table.js";
import { predictedVsTrueFigure } from "./predicted_vs_true.js";

const MIN_INTERVAL = 400; // ms between two updates, so that users can follow a fast run
const TITLES = { boundary: "Decision boundary", curve: "Fitted curve", scatter: "Predicted against true" };

export class OutputsSection {
  /**
   * @param {HTMLElement} root
   * @param {EpochChoice | null} choice null to show the latest epoch; otherwise `root` contains an epoch slider
   */
  constructor(root, choice) {
    this.root = root;
    this.choice = choice;
    this.plot = new FigurePlot(partOf(root, "frame"));
    this.slider = choice && new EpochSlider(root, (epoch, kind) => choice.choose(epoch, kind));
    this.requests = new RequestCache();
    /** @type {LiveRun | null} */
    this.live = null;
    this.wasLive = false;
    this.follower = new EpochFollower(() => this.refresh(), MIN_INTERVAL);
  }

  /** Hide the section. The next call of `show` for a run with a completed epoch shows the section again. */
  clear() {
    this.follower.close();
    this.follower = new EpochFollower(() => this.refresh(), MIN_INTERVAL);
    this.requests.cancel();
    this.live = null;
    this.wasLive = false;
    this.root.hidden = true;
  }

  /** Update the section after new epochs or a change of status. @param {LiveRun} live */
  show(live) {
    const ended = this.wasLive && !isLive(live.run);
    this.live = live;
    this.wasLive = isLive(live.run);
    if (live.epochs.last) this.follower.follow(live.epochs.last.epoch);
    if (ended) this.refresh();
  }

  /** Show the chosen epoch without delay. */
  async refresh() {
    const { live } = this;
    const completed = live?.epochs.epochs.length ?? 0;
    if (!live || !completed) return;
    const chosen = this.choice?.chosen() ?? null;
    const epoch = Math.min(chosen ?? completed, completed);
    const canContinue = isLive(live.run);
    this.slider?.update({
      series: live.epochs,
      curve: live.epochs.columns.train_cost,
      epoch,
      following: canContinue && chosen === null,
      live: canContinue,
    });
    try {
      const outputs = await this.requests.get(`/api/runs/${live.run.id}/outputs?epoch=${epoch}`);
      if (this.live === live) this.#draw(outputs);
    } catch (error) {
      // Keep the current figure if a newer request replaced this one, if the run was deleted, or if the server is down.
      if (!isAborted(error) && !(error instanceof ApiError)) throw error;
    }
  }

  /** @param {Outputs} outputs */
  #draw(outputs) {
    const wasHidden = this.root.hidden;
    this.root.hidden = false;
    const create = () => createFigure(outputs);
    const figure = create();
    setAttribute(this.root, "data-kind", outputs.kind);
    setText(this.#part("title"), TITLES[outputs.kind]);
    setText(this.#part("note"), `after epoch ${outputs.epoch}`);
    setText(this.#part("help"), figure.help);
    const { allCorrect, summary } = figure;
    const marked = allCorrect === null ? summary : `${allCorrect ? "✓" : "✗"} ${summary}`;
    setText(this.#part("verdict"), `${marked}.`.replaceAll("-", "\u2011")); // no line break inside 3e-4
    this.#part("verdict").classList.toggle("text-success-emphasis", allCorrect === true);
    this.#part("verdict").classList.toggle("text-danger-emphasis", allCorrect === false);
    this.#part("scale").hidden = outputs.kind !== "boundary";
    renderPointsTable(this.#part("points"), figure.table);
    this.plot.show(create, `${TITLES[outputs.kind]} after epoch ${outputs.epoch}. ${summary}.`, outputs.epoch);
    // If the URL names this section, scroll to it now. The browser could not do so while the section was hidden.
    if (wasHidden && location.hash === `#${this.root.id}`) this.root.scrollIntoView();
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }
}

/** Create the figure for this kind of output. @param {Outputs} outputs @returns {OutputFigure} */
function createFigure(outputs) {
  if (outputs.kind === "boundary") return decisionBoundaryFigure(outputs);
  return outputs.kind === "curve" ? fittedCurveFigure(outputs) : predictedVsTrueFigure(outputs);
}
