/**
 * Status and epochs of one run, updated until the run ends, and the commands that control it.
 *
 * @import {Run} from "../../../types/api.js"
 * @import {BatchProgress, DiagnosisChanged, TelemetryStored, TrialsChanged} from "../../../types/events.js"
 *
 * @typedef {object} LiveRunListener
 * @property {(run: Run) => void} onRun called after each change of the run
 * @property {() => void} onEpochs called after new epochs
 * @property {(progress: BatchProgress) => void} [onBatch] called a few times per second while an epoch runs
 * @property {(event: TelemetryStored) => void} [onTelemetry] called with measurements inside the network; an event may be
 *   missing or repeated
 * @property {(event: DiagnosisChanged) => void} [onDiagnosis] called when the diagnosis has changed
 * @property {(event: TrialsChanged) => void} [onTrials] called when the trials have changed
 * @property {() => void} onDeleted called if the run has been deleted
 * @property {(message: string) => void} onProblem called if the server rejects the subscription
 */

import { ApiError, api, isMissing } from "../core/api.js";
import { EpochSeries } from "./epoch_series.js";
import { isLive } from "./run_status.js";
import { watchRun } from "./socket.js";

const MIN_INTERVAL = 100; // ms between two calls of `onEpochs`; short epochs can complete more often

export class LiveRun {
  /**
   * @param {Run} run
   * @param {{validation: boolean, test: boolean}} splits evaluated splits, except the training split
   * @param {LiveRunListener} listener
   */
  constructor(run, splits, listener) {
    this.run = run;
    this.listener = listener;
    this.epochs = new EpochSeries(splits);
    this.closed = false;
    /** Timer of the next call of `onEpochs`, or 0. */
    this.timer = 0;
    /** @type {() => void} */
    this.unsubscribe = () => {};
  }

  /**
   * Load all stored epochs in one request, then subscribe to the run. A run that has ended can still be renamed or
   * deleted.
   * @throws {ApiError} if the server rejects the request
   */
  async start() {
    this.listener.onRun(this.run);
    const stored = await this.#loadStored();
    if (this.closed) return;
    if (stored === null) return this.#handleDeletion();
    for (const result of stored) this.epochs.append(result);
    if (this.epochs.epochs.length) this.listener.onEpochs();
    this.unsubscribe = watchRun(this.run.id, this.epochs.epochs.length, {
      onEpoch: (result) => {
        this.epochs.append(result);
        this.timer ||= window.setTimeout(() => this.#reportEpochs(), MIN_INTERVAL);
      },
      onBatch: (progress) => this.listener.onBatch?.(progress),
      onTelemetry: (event) => this.listener.onTelemetry?.(event),
      onDiagnosis: (event) => this.listener.onDiagnosis?.(event),
      onTrials: (event) => this.listener.onTrials?.(event),
      onStatus: (run) => this.#setRun(run),
      onDeleted: () => this.#handleDeletion(),
      onRejected: (message) => this.listener.onProblem(message),
    });
  }

  /**
   * Return the stored epochs, or an empty list if the server is down. After the page reconnects, the server sends all
   * epochs that the page has missed. Return null if the run has been deleted.
   */
  async #loadStored() {
    try {
      return (await api.get(`/api/runs/${this.run.id}/epochs?after=0`)).items;
    } catch (error) {
      if (error instanceof ApiError && error.status === 0) return [];
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /**
   * Send a command to the run, and update its status.
   * @param {"pause" | "resume" | "stop"} command
   * @throws {ApiError} if the server rejects the command
   */
  async sendCommand(command) {
    this.#setRun(await api.post(`/api/runs/${this.run.id}/${command}`));
  }

  #reportEpochs() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (!this.closed) this.listener.onEpochs();
  }

  #handleDeletion() {
    this.close();
    this.listener.onDeleted();
  }

  close() {
    this.closed = true;
    this.unsubscribe();
  }

  /** @param {Run} run */
  #setRun(run) {
    // The event that ends a run can arrive before the response to an earlier command. Ignore such a response.
    if (this.closed || (!isLive(this.run) && isLive(run))) return;
    this.run = run;
    if (this.timer) this.#reportEpochs();
    this.listener.onRun(run);
  }
}
