/**
 * Section with one image that shows the first-layer weights of all units.
 *
 * @import {LiveRun} from "../realtime/live_run.js"
 */

import { api } from "../core/api.js";
import { html, render } from "../core/html.js";
import { EpochFollower } from "../realtime/epoch_follower.js";

// When an epoch ends after this training time, the worker has written at least one checkpoint. In a shorter run, it
// writes the first checkpoint when the run pauses or ends.
const FIRST_CHECKPOINT_SECONDS = 6;
const MIN_INTERVAL = 1500; // ms between two loads
const STORED_AT_END = ["finished", "stopped", "diverged"];

export class FirstLayerWeights {
  /**
   * @param {HTMLElement} section
   * @param {HTMLElement} frame element of the section that contains the image
   * @param {import("../../../types/api.js").Run} run
   */
  constructor(section, frame, run) {
    this.section = section;
    this.frame = frame;
    this.address = `/api/runs/${run.id}/first_layer_weights.png`;
    this.previousSeconds = 0;
    const sizes = /** @type {number[]} */ (run.hyperparameters.hidden_sizes);
    const units = sizes.length ? `${sizes[0]} units of the first hidden layer` : "outputs";
    this.description = `The weights from the pixels to the ${units}, one image for each`;
    this.source = "";
    this.follower = new EpochFollower(() => this.#load(), MIN_INTERVAL);
  }

  /** Reload the image after a new epoch or at the end of the run. @param {Pick<LiveRun, "run" | "epochs">} live */
  show({ run, epochs }) {
    if (!epochs.last) return;
    const ended = STORED_AT_END.includes(run.status);
    // A pause during the first epoch can delay the first checkpoint. Therefore, while the run trains, load the image
    // only if the previous epoch ended after FIRST_CHECKPOINT_SECONDS. Reload once more when the run has ended.
    const { elapsed_seconds: now, epoch } = epochs.last;
    const seconds = run.status === "running" ? this.previousSeconds : now;
    if (ended || seconds >= FIRST_CHECKPOINT_SECONDS) this.follower.follow(ended ? epoch + 1 : epoch);
    this.previousSeconds = now;
  }

  /** Load and show the image. The request fails while the server has no weights; the section then stays hidden. */
  async #load() {
    const blob = await api.load(this.address, (response) => response.blob(), "The image could not be loaded.", {
      cache: "no-cache", // the image changes while the run trains
    });
    URL.revokeObjectURL(this.source);
    this.source = URL.createObjectURL(blob);
    const image = html`<img class="pixelated d-block w-100 mx-auto weights-sheet" alt=${this.description} src=${this.source} />`;
    render(image, this.frame);
    this.section.hidden = false;
  }
}
