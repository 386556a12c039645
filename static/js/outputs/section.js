/**
 * Outputs section of a run whose data set is a table. It shows a figure and a summary of the outputs after the chosen
 * or the latest epoch.
 */

/** @import {Outputs} from "../../../types/api.js" */
/** @import {OutputFigure} from "../charts/figure.js" */
/** @import {LiveRun} from "../realtime/live_run.js" */

/**
 * @typedef {object} EpochState epoch in the URL, or null for the latest
 * @property {{epoch: number | null}} values
 * @property {(change: {epoch: number | null}, options: {kind: string}) => void} navigate
 */

import { FigurePlot } from "../charts/figure_plot.js";
import { ApiError, isAborted } from "../core/api.js";
import { element } from "../core/dom.js";
import { count } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { RequestCache } from "../core/request_cache.js";
import { EpochFollower } from "../realtime/epoch_follower.js";
import { isLive } from "../realtime/run_status.js";
import { EpochSlider } from "../ui/epoch_slider.js";
import { decisionBoundaryFigure } from "./decision_boundary.js";
import { fittedCurveFigure } from "./fitted_curve.js";
import { pointsTable } from "./points_table.js";
import { predictedVsTrueFigure } from "./predicted_vs_true.js";
import { verdictOf } from "./summaries.js";

const MIN_INTERVAL = 400; // ms between two updates, so that users can follow a fast run
const TITLES = { boundary: "Decision boundary", curve: "Fitted curve", scatter: "Predicted against true" };

export class OutputsSection {
  /**
   * @param {HTMLElement} root
   * @param {EpochState} [state] absent to show the latest epoch; otherwise `root` contains an epoch slider
   */
  constructor(root, state) {
    this.root = root;
    this.state = state;
    this.frame = element("div", { className: "outputs-frame" });
    this.plot = new FigurePlot(this.frame);
    /** Controls of the epoch slider, from the template of the page. @type {HTMLElement | null} */
    this.epochs = root.querySelector('[role="group"]');
    this.slider = state && new EpochSlider(root, (epoch, kind) => state.navigate({ epoch }, { kind }));
    this.glossary = root.querySelector(".glossary-links");
    root.replaceChildren();
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
    const chosen = this.state?.values.epoch ?? null;
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
    const { allCorrect, summary, help, table } = figure;
    const title = TITLES[outputs.kind];
    const square = outputs.kind === "boundary";
    const tone = allCorrect === null ? "" : allCorrect ? "text-success-emphasis" : "text-danger-emphasis";
    this.frame.classList.toggle("outputs-square", square);
    render(
      html`<div class="hstack flex-wrap align-items-baseline gap-2 mb-3">
          <h2 id="outputs-title">${title}</h2>
          <span class="small text-body-secondary num">after epoch ${count(outputs.epoch)}</span>
        </div>
        ${this.epochs}
        <div class="outputs-body">
          ${this.frame}
          <div class="vstack gap-3">
            <p class="fs-5 fw-semibold mb-0 ${tone}">${verdictOf(figure)}</p>
            <p class="text-body-secondary mb-0">${help}</p>
            ${this.glossary}
            ${square ? scale : nothing} ${table ? pointsTable(table) : nothing}
          </div>
        </div>`,
      this.root,
    );
    this.plot.show(create, `${title} after epoch ${count(outputs.epoch)}. ${summary}.`, outputs.epoch);
    // If the URL names this section, scroll to it now. The browser could not do so while the section was hidden.
    if (wasHidden && location.hash === `#${this.root.id}`) this.root.scrollIntoView();
  }
}

/** Color scale of the decision boundary */
const scale = html`<p class="hstack gap-2 small num mb-0">
  class 0 <span class="outputs-ramp" aria-hidden="true"></span> class 1
</p>`;

/** Create the figure for this kind of output. @param {Outputs} outputs @returns {OutputFigure} */
function createFigure(outputs) {
  if (outputs.kind === "boundary") return decisionBoundaryFigure(outputs);
  return outputs.kind === "curve" ? fittedCurveFigure(outputs) : predictedVsTrueFigure(outputs);
}
