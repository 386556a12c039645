/**
 * Status strip: progress of a run, and the buttons that control it.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/events.js").BatchProgress} BatchProgress
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 * @typedef {"pause" | "resume" | "stop"} Command
 */

import { errorMessage } from "../core/api.js";
import { partOf, setAttribute, setMessage, setText } from "../core/dom.js";
import { cost, count, counted, duration } from "../core/format.js";

/** Commands that each status allows. @type {Record<string, Command[]>} */
const ALLOWED_COMMANDS = { queued: ["stop"], running: ["pause", "stop"], paused: ["resume", "stop"] };

export class StatusStrip {
  /**
   * @param {HTMLElement} root
   * @param {(command: Command) => Promise<void>} onCommand
   */
  constructor(root, onCommand) {
    this.root = root;
    /** @type {Run | null} */
    this.run = null;
    /** @type {BatchProgress | null} */
    this.progress = null;
    /** @type {EpochSeries | null} */
    this.epochs = null;
    /** Noun for one training example of the run. */
    this.noun = "image";
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.buttons = root.querySelectorAll("[data-command]");
    for (const button of this.buttons) {
      button.addEventListener("click", () =>
        this.#sendCommand(button, /** @type {Command} */ (button.dataset.command), onCommand),
      );
    }
  }

  /** Show the status and progress of a run. @param {Run} run @param {EpochSeries} epochs */
  show(run, epochs) {
    if (this.run?.id !== run.id) {
      this.progress = null;
      this.showProblem("");
    }
    this.run = run;
    this.epochs = epochs;
    this.root.hidden = false;
    const status = this.#part("status");
    status.dataset.status = run.status;
    setText(status, run.status);
    setText(this.#part("seed"), String(run.hyperparameters.seed));
    this.#showCommands(ALLOWED_COMMANDS[run.status] ?? []);
    this.#draw();
  }

  /**
   * Show the buttons of the allowed commands. If this hides the focused button, move the focus to the first visible
   * button or, without one, to the strip.
   * @param {Command[]} commands
   */
  #showCommands(commands) {
    const focused = [...this.buttons].find((button) => button === document.activeElement);
    for (const button of this.buttons) {
      button.hidden = !commands.includes(/** @type {Command} */ (button.dataset.command));
    }
    if (!focused?.hidden) return;
    ([...this.buttons].find((button) => !button.hidden) ?? this.root).focus({ preventScroll: true });
  }

  /** Show the progress within the epoch. @param {BatchProgress} progress */
  showBatch(progress) {
    this.progress = progress;
    this.#draw();
  }

  /** Show the error of a command or a subscription. @param {string} message empty to hide it */
  showProblem(message) {
    setMessage(this.#part("problem"), message);
  }

  #draw() {
    const { run, epochs } = this;
    if (!run || !epochs) return;
    const total = Number(run.hyperparameters.epochs);
    const done = epochs.epochs.length;
    const progress = this.progress && this.progress.epoch > done ? this.progress : null;
    const live = run.status === "running" || run.status === "paused";
    const epochFraction = live && progress ? progress.batch / progress.batches : 0;
    setText(this.#part("epoch"), this.#epochText(run, done, total, live));
    setText(
      this.#part("batch"),
      live && progress ? `batch ${count(progress.batch)} of ${count(progress.batches)}` : "",
    );
    setAttribute(this.#part("run-bar"), "value", String(Math.min(1, (done + epochFraction) / total)));
    const bar = this.#part("epoch-bar");
    setAttribute(bar, "value", String(epochFraction));
    bar.classList.toggle("status-bar-idle", !live);
    this.#part("batch-cost").hidden = !live;
    setText(this.#part("cost"), cost(this.progress?.cost));
    setText(this.#part("speed"), formatSpeed(progress?.images_per_second ?? epochs.last?.images_per_second, this.noun));
    const elapsed = epochs.last?.elapsed_seconds ?? null;
    const left = elapsed === null ? null : (elapsed / done) * Math.max(0, total - done - epochFraction);
    setText(this.#part("time-name"), live ? "Time left" : "Time taken");
    setText(this.#part("time"), live ? duration(left) : duration(elapsed));
  }

  /** @param {Run} run @param {number} done @param {number} total @param {boolean} live */
  #epochText(run, done, total, live) {
    if (run.status === "queued") return "Queued";
    if (live && done < total) return `Epoch ${count(done + 1)} of ${count(total)}`;
    return done === total ? counted(done, "epoch") : `${count(done)} of ${counted(total, "epoch")}`;
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {Command} command
   * @param {(command: Command) => Promise<void>} onCommand
   */
  async #sendCommand(button, command, onCommand) {
    if (button.ariaBusy === "true") return;
    this.showProblem("");
    button.ariaBusy = "true"; // if the button were disabled, it would lose the focus
    try {
      await onCommand(command);
    } catch (error) {
      this.showProblem(errorMessage(error));
    } finally {
      button.ariaBusy = "false";
    }
  }
}

/** @param {number | null | undefined} perSecond @param {string} noun */
function formatSpeed(perSecond, noun) {
  return perSecond ? `${count(perSecond)} ${noun}s/s` : "–";
}
