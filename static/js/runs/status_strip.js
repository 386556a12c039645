/**
 * Status strip: progress of a run, and the buttons that control it.
 *
 * @import {Run} from "../../../types/api.js"
 * @import {BatchProgress} from "../../../types/events.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 * @typedef {"pause" | "resume" | "stop"} Command
 */

import { errorMessage } from "../core/api.js";
import { cost } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { writeValue } from "../hyperparameters/field_value.js";
import { progressBar } from "../ui/progress_bar.js";
import { describeProgress } from "./progress.js";

/** All commands, with the statuses that allow them. @type {{command: Command, label: string, statuses: string[]}[]} */
const COMMANDS = [
  { command: "pause", label: "Pause", statuses: ["running"] },
  { command: "resume", label: "Resume", statuses: ["paused"] },
  { command: "stop", label: "Stop", statuses: ["queued", "running", "paused"] },
];

export class StatusStrip {
  /**
   * @param {HTMLElement} root may contain a heading with the name of the run
   * @param {(command: Command) => Promise<void>} onCommand
   */
  constructor(root, onCommand) {
    this.root = root;
    this.onCommand = onCommand;
    this.heading = root.querySelector("h2");
    /** @type {Run | null} */
    this.run = null;
    /** @type {BatchProgress | null} */
    this.progress = null;
    /** @type {EpochSeries | null} */
    this.epochs = null;
    /** Noun for one training example of the run. */
    this.noun = "image";
    this.problem = "";
    /** Command that the server has not answered yet. @type {Command | null} */
    this.sent = null;
    root.replaceChildren(...(this.heading ? [this.heading] : []));
  }

  /** Show the status and progress of a run. @param {Run} run @param {EpochSeries} epochs */
  show(run, epochs) {
    if (this.run?.id !== run.id) {
      this.progress = null;
      this.problem = "";
    }
    this.run = run;
    this.epochs = epochs;
    this.root.hidden = false;
    this.#render();
  }

  /** Show the progress within the epoch. @param {BatchProgress} progress */
  showBatch(progress) {
    this.progress = progress;
    this.#render();
  }

  /** Show the error of a command or a subscription. @param {string} message empty to hide it */
  showProblem(message) {
    this.problem = message;
    this.#render();
  }

  #render() {
    const { run, epochs, root } = this;
    if (!run || !epochs) return;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    render(this.#template(run, epochs), root);
    if (!focused?.hasAttribute("hidden")) return;
    // The focused button is hidden now. Move the focus to a visible button, or else to the strip.
    const button = /** @type {HTMLElement | null} */ (root.querySelector("button:not([hidden])"));
    (button ?? root).focus({ preventScroll: true });
  }

  /** @param {Run} run @param {EpochSeries} epochs */
  #template(run, epochs) {
    const state = describeProgress(run, epochs, this.progress, this.noun);
    return html`
      <div class="hstack flex-wrap column-gap-3 row-gap-1 status-head">
        ${this.heading ?? nothing}
        <span class="badge" data-part="status" data-status=${run.status}>${run.status}</span>
        <div class="hstack gap-2 ms-auto">${COMMANDS.map((each) => this.#button(each, run))}</div>
      </div>
      ${progressBar("Epochs completed", 100 * state.runFraction)}
      ${progressBar("Mini-batches of this epoch", 100 * state.epochFraction, `status-epoch ${state.live ? "" : "invisible"}`)}
      <div class="hstack flex-wrap justify-content-between align-items-baseline column-gap-4 num status-line">
        <p class="fw-semibold mb-0">
          ${state.epoch} <span class="text-body-secondary fw-normal">${state.batch}</span>
        </p>
        <dl class="hstack flex-wrap column-gap-4 small mb-0">
          ${fact("Speed", state.speed)} ${fact(state.live ? "Time left" : "Time taken", state.time)}
          ${state.live ? fact("Mini-batch cost", cost(this.progress?.cost)) : nothing}
          ${fact("Seed", writeValue(run.hyperparameters.seed))}
        </dl>
      </div>
      ${this.problem ? html`<p class="small text-danger-emphasis mb-0" role="alert">${this.problem}</p>` : nothing}`;
  }

  /** @param {typeof COMMANDS[number]} options @param {Run} run */
  #button({ command, label, statuses }, run) {
    // If the button were disabled while the server works, it would lose the focus.
    return html`<button type="button" class="btn btn-sm btn-outline-${command === "stop" ? "danger" : "secondary"}"
      ?hidden=${!statuses.includes(run.status)} aria-busy=${this.sent === command}
      @click=${() => this.#send(command)}>${label}</button>`;
  }

  /** @param {Command} command */
  async #send(command) {
    if (this.sent) return;
    this.sent = command;
    this.showProblem("");
    try {
      await this.onCommand(command);
    } catch (error) {
      this.problem = errorMessage(error);
    } finally {
      this.sent = null;
      this.#render();
    }
  }
}

/** @param {string} name @param {string} value */
const fact = (name, value) =>
  html`<div class="hstack gap-1"><dt class="text-body-secondary fw-normal">${name}</dt><dd class="mb-0 text-nowrap">${value}</dd></div>`;
