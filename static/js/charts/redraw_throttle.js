/**
 * Throttle for redraws with plotly.js. A chart is drawn at most once per frame, and a page draws at most one chart per
 * frame. Drawing takes at most a fifth of the time, so the page stays responsive during runs with many epochs. Redraws
 * that a user waits for are not delayed.
 */

import { plotly } from "./plotly_loader.js";

const PAUSE_FACTOR = 4; // pause after a drawing, in multiples of its duration

/** Time of the frame in which a chart was last drawn. */
let lastFrame = 0;

export class RedrawThrottle {
  /** @param {(library: typeof Plotly) => Promise<void>} draw draws the current data */
  constructor(draw) {
    this.draw = draw;
    this.drawing = false;
    this.requested = false;
    this.urgent = false;
    this.pauseEnd = 0;
    this.timer = 0;
    this.frameRequest = 0;
  }

  /** Draw as soon as possible. @param {boolean} [urgent] true if a user waits for the drawing */
  requestDraw(urgent = false) {
    if (this.requested && !urgent) return;
    this.requested = true;
    this.urgent ||= urgent;
    window.clearTimeout(this.timer);
    const delay = this.pauseEnd - performance.now();
    if (delay > 0 && !urgent) this.timer = window.setTimeout(() => this.#waitForFrame(), delay);
    else this.#waitForFrame();
  }

  /** Draw now, if plotly.js is loaded, for example before the page is printed. */
  drawNow() {
    if (window.Plotly) this.draw(window.Plotly);
  }

  #waitForFrame() {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = requestAnimationFrame((time) => {
      if (time === lastFrame) this.#waitForFrame();
      else this.#run(time);
    });
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
      this.pauseEnd = end + PAUSE_FACTOR * (end - start);
    } finally {
      this.drawing = false;
      if (this.requested) this.#repeat();
    }
  }

  /** Draw again, because a redraw was requested while the last one was running. */
  #repeat() {
    this.requested = false;
    this.requestDraw(this.urgent);
  }
}
