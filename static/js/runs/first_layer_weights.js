/**
 * Images of the first-layer weights of all units, in one sheet.
 *
 * @typedef {import("../realtime/live_run.js").LiveRun} LiveRun
 */

import { ApiError, api } from "../core/api.js";
import { element, partOf } from "../core/dom.js";
import { EpochFollower } from "../realtime/epoch_follower.js";

const BREATH = 1500; // ms between two pictures
const FIRST_STORED = 6; // seconds of training; by then the weights have been stored once, or else at the run's end
const STORED_AT_END = ["finished", "stopped", "diverged"];

export class FirstLayerWeights {
  /**
   * @param {HTMLElement} root
   * @param {number} runId
   * @param {readonly number[]} hiddenSizes
   */
  constructor(root, runId, hiddenSizes) {
    this.root = root;
    this.address = `/api/runs/${runId}/first_layer_weights.png`;
    this.secondsBefore = 0;
    const what = hiddenSizes.length ? `${hiddenSizes[0]} units of the first hidden layer` : "outputs";
    const alt = `The weights from the pixels to the ${what}, one image for each`;
    this.image = element("img", { className: "pixelated weights-sheet", alt });
    partOf(root, "image").replaceChildren(this.image);
    this.follower = new EpochFollower(() => this.#load(), BREATH);
  }

  /**
   * Show the weights as far as they are stored.
   * @param {LiveRun} live after a new epoch, or at its end
   */
  show({ run, epochs }) {
    if (!epochs.last) return;
    const ended = STORED_AT_END.includes(run.status);
    // An epoch is told before its weights are stored, so a running one counts from the next; the end counts once more.
    const { elapsed_seconds: now, epoch } = epochs.last;
    const seconds = run.status === "running" ? this.secondsBefore : now;
    if (ended || seconds >= FIRST_STORED) this.follower.follow(ended ? epoch + 1 : epoch);
    this.secondsBefore = now;
  }

  async #load() {
    try {
      const picture = await api.image(this.address);
      URL.revokeObjectURL(this.image.src);
      this.image.src = URL.createObjectURL(picture);
      this.root.hidden = false;
    } catch (error) {
      // Without a checkpoint there is nothing to see.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
