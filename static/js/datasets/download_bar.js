/**
 * Progress bar of the download that a run waits for.
 *
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").DatasetProgress} DatasetProgress
 */

import { partOf, setText } from "../core/dom.js";
import { bytes } from "../core/format.js";
import { watchDatasets } from "../realtime/socket.js";

export class DownloadBar {
  /**
   * @param {HTMLElement} root
   * @param {readonly DatasetInfo[]} datasets
   */
  constructor(root, datasets) {
    this.root = root;
    this.datasets = datasets;
    /** Name of the data set that the run waits for. @type {string | null} */
    this.name = null;
    watchDatasets((progress) => this.#update(progress));
  }

  /** Show the progress of one data set. @param {string | null} name null to hide the bar */
  setDataset(name) {
    this.name = name;
    const fetch = this.datasets.find((dataset) => dataset.name === name)?.fetch;
    this.#draw(fetch ?? null);
  }

  /** @param {DatasetProgress} progress */
  #update(progress) {
    const dataset = this.datasets.find(({ name }) => name === progress.dataset);
    if (dataset) {
      dataset.fetch = progress;
      dataset.available ||= progress.state === "available";
    }
    if (progress.dataset === this.name) this.#draw(progress);
  }

  /** @param {DatasetProgress | null} progress */
  #draw(progress) {
    this.root.hidden = progress?.state !== "fetching";
    if (!progress) return;
    const title = this.datasets.find(({ name }) => name === progress.dataset)?.title ?? progress.dataset;
    setText(partOf(this.root, "title"), `Downloading ${title}`);
    setText(partOf(this.root, "amount"), `${bytes(progress.received_bytes)} of ${bytes(progress.total_bytes)}`);
    const bar = /** @type {HTMLProgressElement} */ (partOf(this.root, "bar"));
    bar.value = progress.total_bytes ? progress.received_bytes / progress.total_bytes : 0;
  }
}
