/**
 * Throttle for redraws with plotly.js. A page draws at most one chart per frame, and drawing all charts takes at most a
 * fifth of the time, so the page stays responsive during runs with many epochs. Redraws that a user waits for are not
 * delayed.
 */

import { plotly } from "./plotly_loader.js";

const PAUSE_FACTOR = 4; // pause after a drawing, in multiples of its duration

/** Time of the frame in which a chart was last drawn, and the end of the pause after it. */
let lastFrame = 0;
let pauseEnd = 0;

export class RedrawThrottle {
  /** @param {(library: typeof Plotly) => Promise<void>} draw draws the current data */
  constructor(draw) {
    this.draw = draw;
    this.drawing = false;
    this.requested = false;
    this.urgent = false;
    this.timer = 0;
    this.frameRequest = 0;
  }

  /** Draw as soon as possible. @param {boolean} [urgent] true if a user waits for the drawing */
  requestDraw(urgent = false) {
    if (this.requested && !urgent) return;
    this.requested = true;
    this.urgent ||= urgent;
    this.#schedule();
  }

  /** Draw now, if plotly.js is loaded, for example before the page is printed. */
  drawNow() {
    if (window.Plotly) this.draw(window.Plotly);
  }

  /** Draw in the first frame after the pause in which no other chart is drawn. */
  #schedule() {
    window.clearTimeout(this.timer);
    cancelAnimationFrame(this.frameRequest);
    const delay = this.urgent ? 0 : pauseEnd - performance.now();
    if (delay > 0) this.timer = window.setTimeout(() => this.#schedule(), delay);
    else {
      this.frameRequest = requestAnimationFrame((time) => {
        if (time === lastFrame) this.#schedule();
        else this.#run(time);
      });
    }
  }

  /** @param {number} time time of the frame */
  async #run(time) {
    if (this.drawing || !this.requested) return;
    this.drawing = true;
    try {
      const library = window.Plotly ?? (await plotly());
      lastFrame = time;
      this.requested = false;
      this.urgent = false;
      const start = performance.now();
      await this.draw(library);
      const end = performance.now();
      pauseEnd = end + PAUSE_FACTOR * (end - start);
    } finally {
      this.drawing = false;
      if (this.requested) this.#schedule(); // a redraw was requested while this one was running
    }
  }
}
