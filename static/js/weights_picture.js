/**
 * What each unit of the first layer looks for, as one sheet of pictures.
 */

import { api, ApiError } from "./api.js";
import { element, partOf } from "./element.js";
import { EpochFollower } from "./epoch_follower.js";

const BREATH = 1500; // ms between two pictures

export class WeightsPicture {
  /**
   * @param {HTMLElement} root
   * @param {number} runId
   * @param {readonly number[]} hiddenSizes
   */
  constructor(root, runId, hiddenSizes) {
    this.root = root;
    this.address = `/api/runs/${runId}/first_layer_weights.png`;
    const what = hiddenSizes.length ? `${hiddenSizes[0]} units of the first hidden layer` : "outputs";
    const alt = `The weights from the pixels to the ${what}, one picture for each`;
    this.image = element("img", { className: "pixelated weights-sheet", alt });
    partOf(root, "picture").replaceChildren(this.image);
    this.follower = new EpochFollower(() => this.#load(), BREATH);
  }

  /** @param {number} epoch the latest that there is */
  show(epoch) {
    this.follower.follow(epoch);
  }

  async #load() {
    try {
      const picture = await api.picture(this.address);
      URL.revokeObjectURL(this.image.src);
      this.image.src = URL.createObjectURL(picture);
      this.root.hidden = false;
    } catch (error) {
      // Without a checkpoint there is nothing to see.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
