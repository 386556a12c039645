/**
 * Progress of a run, and the buttons that control it.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/events.js").BatchProgress} BatchProgress
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 * @typedef {"pause" | "resume" | "stop"} Command
 */

import { errorMessage } from "../core/api.js";
import { partOf, setAttribute, setMessage, setText } from "../core/dom.js";
import { cost, count, counted, duration } from "../core/format.js";

/** @type {Record<string, Command[]>} the commands that a status allows */
const ALLOWED = { queued: ["stop"], running: ["pause", "stop"], paused: ["resume", "stop"] };

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
    /** The training examples of the run. */
    this.noun = "image";
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.buttons = root.querySelectorAll("[data-command]");
    for (const button of this.buttons) {
      button.addEventListener("click", () =>
        this.#command(button, /** @type {Command} */ (button.dataset.command), onCommand),
      );
    }
  }

  /** @param {Run} run @param {EpochSeries} epochs */
  show(run, epochs) {
    if (this.run?.id !== run.id) {
      this.progress = null;
      this.complain("");
    }
    this.run = run;
    this.epochs = epochs;
    this.root.hidden = false;
    const status = this.#part("status");
    status.dataset.status = run.status;
    setText(status, run.status);
    setText(this.#part("seed"), String(run.hyperparameters.seed));
    this.#offer(ALLOWED[run.status] ?? []);
    this.#draw();
  }

  /**
   * Show the buttons of these commands; whoever pressed Pause with the keyboard finds Resume in its place.
   * @param {Command[]} commands
   */
  #offer(commands) {
    const pressed = [...this.buttons].find((button) => button === document.activeElement);
    for (const button of this.buttons) {
      button.hidden = !commands.includes(/** @type {Command} */ (button.dataset.command));
    }
    if (!pressed?.hidden) return;
    ([...this.buttons].find((button) => !button.hidden) ?? this.root).focus({ preventScroll: true });
  }

  /** @param {BatchProgress} progress */
  showBatch(progress) {
    this.progress = progress;
    this.#draw();
  }

  /** @param {string} message what the server says against a command or a subscription */
  complain(message) {
    setMessage(this.#part("problem"), message);
  }

  #draw() {
    const { run, epochs } = this;
    if (!run || !epochs) return;
    const total = Number(run.hyperparameters.epochs);
    const done = epochs.epochs.length;
    const progress = this.progress && this.progress.epoch > done ? this.progress : null;
    const live = run.status === "running" || run.status === "paused";
    const within = live && progress ? progress.batch / progress.batches : 0;
    setText(this.#part("epoch"), this.#epochText(run, done, total, live));
    setText(
      this.#part("batch"),
      live && progress ? `batch ${count(progress.batch)} of ${count(progress.batches)}` : "",
    );
    setAttribute(this.#part("run-bar"), "value", String(Math.min(1, (done + within) / total)));
    const bar = this.#part("epoch-bar");
    setAttribute(bar, "value", String(within));
    bar.classList.toggle("status-bar-idle", !live);
    this.#part("batch-cost").hidden = !live;
    setText(this.#part("cost"), cost(this.progress?.cost));
    setText(this.#part("speed"), speed(progress?.images_per_second ?? epochs.last?.images_per_second, this.noun));
    const elapsed = epochs.last?.elapsed_seconds ?? null;
    const left = elapsed === null ? null : (elapsed / done) * Math.max(0, total - done - within);
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

  /** @param {HTMLButtonElement} button @param {Command} command @param {(command: Command) => Promise<void>} onCommand */
  async #command(button, command, onCommand) {
    if (button.ariaBusy === "true") return;
    this.complain("");
    button.ariaBusy = "true"; // not disabled: that would take the focus away
    try {
      await onCommand(command);
    } catch (error) {
      this.complain(errorMessage(error));
    } finally {
      button.ariaBusy = "false";
    }
  }
}

/** @param {number | null | undefined} perSecond @param {string} noun */
function speed(perSecond, noun) {
  return perSecond ? `${count(perSecond)} ${noun}s/s` : "–";
}
