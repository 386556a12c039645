/**
 * Tiles of the misclassified test images with the highest confidence after the latest epoch.
 *
 * @import {DatasetInfo, ListedImage, MisclassifiedList, Run} from "../../../types/api.js"
 */

import { api } from "../core/api.js";
import { count, counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { TileCanvases, tileTemplate } from "../images/image_tile.js";
import { updateImagesNotice } from "../images/images_notice.js";
import { PixelStore } from "../images/pixel_store.js";
import { EpochFollower } from "../realtime/epoch_follower.js";

const MAX_TILES = 12;
const MIN_INTERVAL = 400; // ms between two updates, so that a person can follow a fast run

export class WorstMisclassified {
  /** @param {HTMLElement} root @param {Run} run @param {DatasetInfo | undefined} dataset data set of images */
  constructor(root, run, dataset) {
    this.root = root;
    this.run = run;
    this.address = `/runs/${run.id}/misclassified`;
    this.classNames = dataset?.class_names ?? [];
    this.store = new PixelStore(String(run.hyperparameters.dataset), "test", dataset?.image_shape ?? [1, 1]);
    this.canvases = new TileCanvases();
    this.follower = new EpochFollower((epoch) => this.#load(epoch), MIN_INTERVAL);
    root.hidden = true;
  }

  /** Show the tiles of the latest epoch. @param {import("../realtime/live_run.js").LiveRun} live */
  show({ epochs }) {
    if (epochs.last) this.follower.follow(epochs.last.epoch);
  }

  /** Stop the updates, and hide the tiles and the notice about their images. */
  close() {
    this.follower.close();
    updateImagesNotice({ images_match: null });
    this.root.hidden = true;
  }

  /** @param {number} epoch */
  async #load(epoch) {
    const query = new URLSearchParams({ epoch: String(epoch), sort: "confidence", limit: String(MAX_TILES) });
    /** @type {MisclassifiedList} */
    const list = await api.get(`/api${this.address}?${query}`);
    await this.store.load(list.items.map(({ index }) => index));
    if (this.follower.closed) return;
    updateImagesNotice(list);
    this.#draw(list.items, list.total, epoch);
  }

  /** @param {ListedImage[]} items @param {number} total @param {number} epoch */
  #draw(items, total, epoch) {
    const focused = /** @type {HTMLElement | null} */ (this.root.querySelector(".tile:focus"))?.dataset.index;
    this.root.hidden = false;
    render(this.#template(items, total, epoch), this.root);
    this.canvases.draw(items, this.store);
    // The focus stays with its image.
    /** @type {HTMLElement | null} */ (this.root.querySelector(`.tile[data-index="${focused}"]`))?.focus();
  }

  /** @param {ListedImage[]} items @param {number} total @param {number} epoch */
  #template(items, total, epoch) {
    const { address, classNames, canvases } = this;
    const images = this.run.test_size ? counted(this.run.test_size, "test image") : "the test images";
    const all = html`<a class="small ms-auto py-1" data-part="all" href=${address}>
      All ${counted(total, "misclassified image")} →
    </a>`;
    const tiles = items.map((item, position) =>
      tileTemplate(item, canvases.at(position), { classNames, href: `${address}?epoch=${epoch}&image=${item.index}` }),
    );
    return html`
      <div class="hstack flex-wrap align-items-baseline gap-2 mb-3">
        <h2 id="worst-title">Most confident misclassifications</h2>
        <p class="small text-body-secondary num mb-0">after epoch ${count(epoch)}${total ? ", the most confident first" : ""}</p>
        ${total ? all : nothing}
      </div>
      ${total ? nothing : html`<p class="text-body-secondary mb-0">✓ All ${images} are classified correctly.</p>`}
      <div class="tiles">${tiles}</div>`;
  }
}
