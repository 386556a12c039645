/** Prefetch queue: runs one request at a time during idle time. */
import { RequestCache } from "./request_cache.js";

const MAX_IDLE_WAIT = 500; // ms; a job starts after this time even if the browser is busy

export class PrefetchQueue {
  constructor() {
    this.requests = new RequestCache();
    this.generation = 0; // changes with each start and stop, which ends the loop of the previous queue
  }

  stop() {
    this.generation += 1;
    this.requests.cancel();
  }

  /**
   * Replace the queue, and run its jobs in order until one fails or the queue is stopped.
   * @param {((requests: RequestCache) => Promise<unknown>)[]} jobs
   */
  async start(jobs) {
    this.stop();
    const { generation } = this;
    try {
      for (const job of jobs) {
        await waitUntilIdle();
        if (generation !== this.generation) return;
        await job(this.requests);
      }
    } catch {
      // Ignore the error: if a person opens a view with this data, the page requests the data again and shows any
      // error.
    }
  }
}

function waitUntilIdle() {
  return new Promise((resolve) => {
    if (window.requestIdleCallback) window.requestIdleCallback(resolve, { timeout: MAX_IDLE_WAIT });
    else window.setTimeout(resolve, MAX_IDLE_WAIT / 10);
  });
}
