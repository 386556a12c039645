/**
 * Updates for the latest epoch of a live run. It loads one epoch at a time. If several epochs complete during a load,
 * it then loads only the latest. If a request fails, the page keeps what it shows.
 */

import { ApiError } from "../core/api.js";
import { wait } from "../core/timing.js";

export class EpochFollower {
  /**
   * @param {(epoch: number) => Promise<void>} load
   * @param {number} minInterval minimum time in milliseconds from the start of one load to the start of the next
   */
  constructor(load, minInterval) {
    this.load = load;
    this.minInterval = minInterval;
    this.latest = 0;
    this.loaded = 0;
    this.loading = false;
    this.closed = false;
  }

  /**
   * Load an epoch. If a load is already running, load the latest epoch when it has finished.
   * @param {number} epoch latest completed epoch
   */
  async follow(epoch) {
    this.latest = Math.max(this.latest, epoch);
    if (this.loading) return;
    this.loading = true;
    try {
      while (!this.closed && this.loaded !== this.latest) {
        const next = this.latest;
        const start = performance.now();
        await this.load(next).catch(ignoreFailedRequest);
        this.loaded = next;
        await wait(this.minInterval - (performance.now() - start));
      }
    } finally {
      this.loading = false;
    }
  }

  close() {
    this.closed = true;
  }
}

/** @param {unknown} error */
function ignoreFailedRequest(error) {
  if (!(error instanceof ApiError)) throw error;
}
