/** Prefetch queue: runs one job at a time while the browser is idle. */

const MAX_IDLE_WAIT = 500; // ms; a job starts after this time even if the browser is busy

export class PrefetchQueue {
  constructor() {
    this.generation = 0; // changes with each start and stop, which ends the loop of the previous queue
  }

  /** End the queue. A job that has started finishes, because the page may need its result next. */
  stop() {
    this.generation += 1;
  }

  /**
   * Replace the queue, and run its jobs in order until one fails or the queue is stopped.
   * @param {(() => Promise<unknown>)[]} jobs
   */
  async start(jobs) {
    this.stop();
    const { generation } = this;
    try {
      for (const job of jobs) {
        await waitUntilIdle();
        if (generation !== this.generation) return;
        await job();
      }
    } catch {
      // Ignore the error: if a person opens a view with this data, the page requests the data again and shows any
      // error.
    }
  }
}

function waitUntilIdle() {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(resolve, { timeout: MAX_IDLE_WAIT });
    else setTimeout(resolve, MAX_IDLE_WAIT / 10);
  });
}
