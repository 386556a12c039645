/** Prefetch queue: runs one request at a time during idle time. */
import { RequestCache } from "./request_cache.js";

const LONGEST_WAIT = 500; // ms for an idle moment

export class PrefetchQueue {
  constructor() {
    this.asking = new RequestCache();
    this.turn = 0;
  }

  stop() {
    this.turn += 1;
    this.asking.cancel();
  }

  /**
   * Do these in order, until there is something better to do or one of them fails.
   * @param {((asking: RequestCache) => Promise<unknown>)[]} jobs
   */
  async start(jobs) {
    this.stop();
    const { turn } = this;
    try {
      for (const job of jobs) {
        await idle();
        if (turn !== this.turn) return;
        await job(this.asking);
      }
    } catch {
      // What is really wanted is asked for again, and tells what is wrong.
    }
  }
}

function idle() {
  return new Promise((resolve) => {
    if (window.requestIdleCallback) window.requestIdleCallback(resolve, { timeout: LONGEST_WAIT });
    else window.setTimeout(resolve, LONGEST_WAIT / 10);
  });
}
