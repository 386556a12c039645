/**
 * Trials of one run: loaded, started and stopped over HTTP, and updated by the events of the server.
 *
 * @import {Trials} from "../../../types/api.js"
 */

import { ApiError, api } from "../core/api.js";

export class RunTrials {
  /** @param {number} runId @param {() => void} onChange */
  constructor(runId, onChange) {
    this.path = `/api/runs/${runId}/trials`;
    this.onChange = onChange;
    /** @type {Trials | null} */
    this.value = null;
    /** Message of the failed request, or an empty text. */
    this.problem = "";
    this.requested = false;
    /** True after a person has started the trials, until they end. */
    this.isAsked = false;
    /** True if the latest change is the end of the trials. */
    this.hasJustFinished = false;
  }

  /** Load the trials, once. */
  async loadOnce() {
    if (this.requested) return;
    this.requested = true;
    await this.load();
  }

  async load() {
    await this.#request(() => api.get(this.path));
  }

  /** Start the trials. */
  async start() {
    this.isAsked = true;
    await this.#request(() => api.post(this.path));
  }

  /** Stop the trials. */
  async stop() {
    await this.#request(() => api.delete(this.path));
  }

  /** @param {Trials} trials */
  receive(trials) {
    this.#set(trials);
    this.onChange();
  }

  get inProgress() {
    return this.value?.status === "waiting" || this.value?.status === "running";
  }

  /** @param {Trials} trials */
  #set(trials) {
    const wasInProgress = this.inProgress;
    this.value = trials;
    this.problem = "";
    this.isAsked &&= this.inProgress;
    this.hasJustFinished = wasInProgress && trials.status === "finished";
  }

  /** @param {() => Promise<Trials>} send */
  async #request(send) {
    try {
      this.#set(await send());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.isAsked = false;
      if (error.status !== 404) this.problem = error.message; // the page reports a deleted run
    }
    this.onChange();
  }
}
