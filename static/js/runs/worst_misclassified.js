/**
 * Tiles of the misclassified test images with the highest confidence after the latest epoch.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 */

import { ApiError, api } from "../core/api.js";
import { partOf, setChildren, setText } from "../core/dom.js";
import { counted } from "../core/format.js";
import { reuseTiles } from "../images/image_tile.js";
import { PixelStore } from "../images/pixel_store.js";
import { EpochFollower } from "../realtime/epoch_follower.js";

const MAX_TILES = 12;
const MIN_INTERVAL = 400; // ms between two updates, so that a person can follow a fast run

export class WorstMisclassified {
  /**
   * @param {HTMLElement} root
   * @param {Run} run
   * @param {DatasetInfo | undefined} dataset data set of images
   */
  constructor(root, run, dataset) {
    this.root = root;
    this.run = run;
    this.classNames = dataset?.class_names ?? [];
    this.store = new PixelStore(String(run.hyperparameters.dataset), "test", dataset?.image_shape ?? [1, 1]);
    /** @type {import("../images/image_tile.js").Tile[]} */
    this.tiles = [];
    this.follower = new EpochFollower((epoch) => this.#load(epoch), MIN_INTERVAL);
    root.hidden = true;
    this.#part("tiles").replaceChildren();
  }

  /** Show the tiles of the latest epoch. @param {import("../realtime/live_run.js").LiveRun} live */
  show({ epochs }) {
    if (epochs.last) this.follower.follow(epochs.last.epoch);
  }

  /** Stop the updates, and hide the tiles. */
  close() {
    this.follower.close();
    this.root.hidden = true;
  }

  /** @param {number} epoch */
  async #load(epoch) {
    const query = new URLSearchParams({ epoch: String(epoch), sort: "confidence", limit: String(MAX_TILES) });
    try {
      const { items, total } = await api.get(`/api/runs/${this.run.id}/misclassified?${query}`);
      await this.store.load(items.map((/** @type {ListedImage} */ item) => item.index));
      if (!this.follower.closed) this.#draw(items, total, epoch);
    } catch (error) {
      // Keep the current tiles if the run was deleted or the server is unreachable.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /**
   * @param {ListedImage[]} items
   * @param {number} total
   * @param {number} epoch
   */
  #draw(items, total, epoch) {
    this.root.hidden = false;
    const size = this.run.test_size;
    const images = size ? `${counted(size, "test image")}` : "the test images";
    setText(this.#part("note"), total ? `after epoch ${epoch}, the most confident first` : `after epoch ${epoch}`);
    const all = /** @type {HTMLAnchorElement} */ (this.#part("all"));
    all.href = `/runs/${this.run.id}/misclassified`;
    setText(all, `All ${counted(total, "misclassified image")} →`);
    all.hidden = total === 0;
    this.#part("none").hidden = total !== 0;
    setText(this.#part("none"), `✓ All ${images} are classified correctly.`);
    this.tiles = reuseTiles(items, this.tiles);
    items.forEach((item, position) => {
      const href = `/runs/${this.run.id}/misclassified?epoch=${epoch}&image=${item.index}`;
      this.tiles[position].show(item, { classNames: this.classNames, href });
      this.tiles[position].draw(this.store.get(item.index), this.store.shape);
    });
    setChildren(
      this.#part("tiles"),
      this.tiles.map((tile) => tile.element),
    );
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.root, name);
  }
}
