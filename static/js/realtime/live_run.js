/**
 * One live run: its status, its epochs so far, and the commands that control it.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/events.js").BatchProgress} BatchProgress
 *
 * @typedef {object} RunWatcher
 * @property {(run: Run) => void} onRun its status or its figures changed
 * @property {() => void} onEpochs there are more epochs
 * @property {(progress: BatchProgress) => void} [onBatch]
 * @property {(message: string) => void} onProblem
 */

import { ApiError, api } from "../core/api.js";
import { EpochSeries } from "./epoch_series.js";
import { isLive } from "./run_status.js";
import { watchRun } from "./socket.js";

export class LiveRun {
  /**
   * @param {Run} run
   * @param {{validation: boolean, test: boolean}} splits that its epochs score
   * @param {RunWatcher} watcher
   */
  constructor(run, splits, watcher) {
    this.run = run;
    this.watcher = watcher;
    this.epochs = new EpochSeries(splits);
    this.closed = false;
    /** @type {() => void} */
    this.unwatch = () => {};
  }

  /**
   * Load all stored epochs in one request, then watch the run.
   * @throws {ApiError} the server refused the request
   */
  async start() {
    this.watcher.onRun(this.run);
    for (const result of await this.#loadStored()) this.epochs.append(result);
    if (this.closed) return;
    if (this.epochs.epochs.length) this.watcher.onEpochs();
    if (!isLive(this.run) && this.epochs.epochs.length >= this.run.epochs_completed) return;
    this.unwatch = watchRun(this.run.id, this.epochs.epochs.length, {
      onEpoch: (result) => {
        this.epochs.append(result);
        this.watcher.onEpochs();
      },
      onBatch: (progress) => this.watcher.onBatch?.(progress),
      onStatus: (run) => this.#heard(run),
      onRefused: (message) => this.watcher.onProblem(message),
    });
  }

  /** Return the stored epochs, or none if the server is gone: once it is back, it replays them to whoever watches. */
  async #loadStored() {
    try {
      return (await api.get(`/api/runs/${this.run.id}/epochs?after=0`)).items;
    } catch (error) {
      if (error instanceof ApiError && error.status === 0) return [];
      throw error;
    }
  }

  /**
   * @param {"pause" | "resume" | "stop"} command
   * @throws {ApiError}
   */
  async sendCommand(command) {
    this.#heard(await api.post(`/api/runs/${this.run.id}/${command}`));
  }

  close() {
    this.closed = true;
    this.unwatch();
  }

  /** @param {Run} run */
  #heard(run) {
    // An answer may have been overtaken by an event: what has ended stays ended.
    if (this.closed || (!isLive(this.run) && isLive(run))) return;
    this.run = run;
    this.watcher.onRun(run);
  }
}
