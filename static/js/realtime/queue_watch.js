/** Reason why a queued run waits, requested again while it is queued. */
import { api, isAborted } from "../core/api.js";
import { describeWait } from "./queue.js";

/** @import {Queue, Run} from "../../../types/api.js" */

const INTERVAL = 2000; // ms between two requests

export class QueueWatch {
  /** @type {number | undefined} */
  #timer;
  /** @type {Run | null} */
  #run = null;

  /** @param {() => void} onChange called when the reason changes */
  constructor(onChange) {
    this.onChange = onChange;
    /** Reason why the run waits; undefined until it is known. @type {string | undefined} */
    this.reason = undefined;
  }

  /** Follow the queue if the run is queued, and end the requests otherwise. @param {Run | null} run */
  follow(run) {
    const queued = run?.status === "queued" ? run : null;
    if (queued?.id === this.#run?.id) return;
    this.#run = queued;
    window.clearTimeout(this.#timer);
    this.reason = undefined;
    if (queued) void this.#request(queued);
  }

  /** @param {Run} run */
  async #request(run) {
    let reason = this.reason;
    try {
      /** @type {Queue} */
      const queue = await api.get("/api/queue");
      reason = describeWait(run, queue);
    } catch (error) {
      if (isAborted(error)) return; // otherwise, the next request may succeed
    }
    if (this.#run !== run) return;
    this.#timer = window.setTimeout(() => this.#request(run), INTERVAL);
    if (reason === this.reason) return;
    this.reason = reason;
    this.onChange();
  }
}
