/** Progress bar of the download that a run waits for. */

/** @import {DatasetInfo, DatasetProgress} from "../../../types/api.js" */

import { html, render } from "../core/html.js";
import { watchDatasets } from "../realtime/socket.js";
import { progressTemplate } from "./download_progress.js";

export class DownloadBar {
  /** @param {HTMLElement} root @param {readonly DatasetInfo[]} datasets */
  constructor(root, datasets) {
    this.root = root;
    this.datasets = datasets;
    /** Name of the data set that the run waits for. @type {string | null} */
    this.name = null;
    root.replaceChildren();
    watchDatasets((progress) => this.#update(progress));
  }

  /** Show the progress of one data set. @param {string | null} name null to hide the bar */
  setDataset(name) {
    this.name = name;
    this.#draw(this.#find(name));
  }

  /** @param {DatasetProgress} progress */
  #update(progress) {
    const dataset = this.#find(progress.dataset);
    if (!dataset) return;
    dataset.fetch = progress;
    dataset.available ||= progress.state === "available";
    if (dataset.name === this.name) this.#draw(dataset);
  }

  /** @param {string | null} name */
  #find(name) {
    return this.datasets.find((dataset) => dataset.name === name);
  }

  /** @param {DatasetInfo | undefined} dataset */
  #draw(dataset) {
    const progress = dataset?.fetch;
    this.root.hidden = progress?.state !== "fetching";
    if (!dataset || !progress) return;
    render(
      html`<p class="fw-semibold mb-2">Downloading ${dataset.title}</p>
        <div class="vstack gap-2">${progressTemplate(progress)}</div>`,
      this.root,
    );
  }
}
