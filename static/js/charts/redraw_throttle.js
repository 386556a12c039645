/**
 * Throttle for plotly.js: it draws at most once a frame and for at most a fifth of the time, so that ten thousand
 * epochs leave the page responsive. Interactions are drawn at once.
 */

import { plotly } from "./plotly_loader.js";

const REST = 4; // times the duration of a drawing, before the next

export class RedrawThrottle {
  /** @param {(library: typeof Plotly) => Promise<void>} draw draws what is there by then */
  constructor(draw) {
    this.draw = draw;
    this.drawing = false;
    this.wanted = false;
    this.urgent = false;
    this.rested = 0;
    this.resting = 0;
    this.frameRequest = 0;
  }

  /** @param {boolean} [urgent] whether a person waits for it */
  soon(urgent = false) {
    if (this.wanted && !urgent) return;
    this.wanted = true;
    this.urgent ||= urgent;
    window.clearTimeout(this.resting);
    const start = () => {
      cancelAnimationFrame(this.frameRequest);
      this.frameRequest = requestAnimationFrame(() => this.#run());
    };
    const rest = this.rested - performance.now();
    if (rest > 0 && !urgent) this.resting = window.setTimeout(start, rest);
    else start();
  }

  async #run() {
    if (this.drawing) {
      this.wanted = false;
      return this.soon(this.urgent);
    }
    this.drawing = true;
    try {
      const library = await plotly();
      this.wanted = false;
      this.urgent = false;
      const begin = performance.now();
      await this.draw(library);
      const end = performance.now();
      this.rested = end + REST * (end - begin);
    } finally {
      this.drawing = false;
    }
  }
}
