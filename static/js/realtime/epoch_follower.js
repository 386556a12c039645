/**
 * Updates for the latest epoch of a run at their own pace: one request at a time, skipping outdated epochs.
 */
export class EpochFollower {
  /**
   * @param {(epoch: number) => Promise<void>} load
   * @param {number} breath least time between two loads, ms
   */
  constructor(load, breath) {
    this.load = load;
    this.breath = breath;
    this.wanted = 0;
    this.shown = 0;
    this.busy = false;
    this.closed = false;
  }

  /** @param {number} epoch that is there now */
  async follow(epoch) {
    this.wanted = Math.max(this.wanted, epoch);
    if (this.busy) return;
    this.busy = true;
    try {
      while (!this.closed && this.shown !== this.wanted) {
        const next = this.wanted;
        const begin = performance.now();
        await this.load(next);
        this.shown = next;
        await new Promise((resolve) => window.setTimeout(resolve, this.breath - (performance.now() - begin)));
      }
    } finally {
      this.busy = false;
    }
  }

  close() {
    this.closed = true;
  }
}
