/**
 * Outputs of a network that learns from a table, as a figure and in words: at the latest epoch, or at the chosen one.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").Outputs} Outputs
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../realtime/live_run.js").LiveRun} LiveRun
 * @typedef {import("../charts/figure.js").OutputFigure} OutputFigure
 *
 * @typedef {object} EpochChoice
 * @property {() => number | null} chosen null: the latest
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
import { showPoints } from "./points_table.js";
import { predictedVsTrueFigure } from "./predicted_vs_true.js";

const BREATH = 400; // ms between two epochs, so that a fast run stays readable
const TITLES = { boundary: "Decision boundary", curve: "Fitted curve", scatter: "Predicted against true" };

export class OutputsSection {
  /**
   * @param {HTMLElement} root
   * @param {EpochChoice | null} choice null: always the latest epoch; otherwise the template has a chooser in `root`
   */
  constructor(root, choice) {
    this.root = root;
    this.choice = choice;
    this.plot = new FigurePlot(partOf(root, "frame"));
    this.chooser = choice && new EpochSlider(root, (epoch, kind) => choice.choose(epoch, kind));
    this.answers = new RequestCache();
    /** @type {LiveRun | null} */
    this.live = null;
    this.wasLive = false;
    this.follower = new EpochFollower(() => this.refresh(), BREATH);
  }

  /** Show nothing until there is an epoch of another run. */
  clear() {
    this.follower.close();
    this.follower = new EpochFollower(() => this.refresh(), BREATH);
    this.answers.cancel();
    this.live = null;
    this.wasLive = false;
    this.root.hidden = true;
  }

  /** @param {LiveRun} live with more epochs, or with another status */
  show(live) {
    const ended = this.wasLive && !isLive(live.run);
    this.live = live;
    this.wasLive = isLive(live.run);
    if (live.epochs.last) this.follower.follow(live.epochs.last.epoch);
    if (ended) this.refresh();
  }

  /** Show the epoch that is chosen now, without delay. */
  async refresh() {
    const { live } = this;
    const completed = live?.epochs.epochs.length ?? 0;
    if (!live || !completed) return;
    const chosen = this.choice?.chosen() ?? null;
    const epoch = Math.min(chosen ?? completed, completed);
    const going = isLive(live.run);
    this.chooser?.update({
      series: live.epochs,
      curve: live.epochs.columns.train_cost,
      epoch,
      following: going && chosen === null,
      live: going,
    });
    try {
      const outputs = await this.answers.get(`/api/runs/${live.run.id}/outputs?epoch=${epoch}`);
      if (this.live === live) this.#draw(outputs);
    } catch (error) {
      // A newer question came, the run was deleted, or the server is gone: the drawing stays as it is.
      if (!isAborted(error) && !(error instanceof ApiError)) throw error;
    }
  }

  /** @param {Outputs} outputs */
  #draw(outputs) {
    const first = this.root.hidden;
    this.root.hidden = false;
    const make = () => sketchOf(outputs);
    const sketch = make();
    setAttribute(this.root, "data-kind", outputs.kind);
    setText(this.#part("title"), TITLES[outputs.kind]);
    setText(this.#part("note"), `after epoch ${outputs.epoch}`);
    setText(this.#part("help"), sketch.help);
    const verdict = sketch.right === null ? sketch.verdict : `${sketch.right ? "✓" : "✗"} ${sketch.verdict}`;
    setText(this.#part("verdict"), `${verdict}.`.replaceAll("-", "\u2011")); // 3e-4 stays in one line
    this.#part("verdict").classList.toggle("correct", sketch.right === true);
    this.#part("verdict").classList.toggle("incorrect", sketch.right === false);
    this.#part("scale").hidden = outputs.kind !== "boundary";
    showPoints(this.#part("points"), sketch.table);
    this.plot.show(make, `${TITLES[outputs.kind]} after epoch ${outputs.epoch}. ${sketch.verdict}.`, outputs.epoch);
    // A link to this part was followed before the part was there.
    if (first && location.hash === `#${this.root.id}`) this.root.scrollIntoView();
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }
}

/** @param {Outputs} outputs @returns {OutputFigure} */
function sketchOf(outputs) {
  if (outputs.kind === "boundary") return decisionBoundaryFigure(outputs);
  return outputs.kind === "curve" ? fittedCurveFigure(outputs) : predictedVsTrueFigure(outputs);
}
