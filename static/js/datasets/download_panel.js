/** Download of a data set, with a button, the progress, and error messages. */

/** @import {DatasetInfo, DatasetProgress} from "../../../types/api.js" */

import { api, errorMessage } from "../core/api.js";
import { bytes } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { watchDatasets } from "../realtime/socket.js";
import { progressTemplate } from "./download_progress.js";

export class DownloadPanel {
  /** @param {HTMLElement} root @param {DatasetInfo} dataset @param {() => void} onAvailable */
  constructor(root, dataset, onAvailable) {
    this.root = root;
    this.dataset = dataset;
    this.onAvailable = onAvailable;
    this.eventCount = 0; // progress events received so far
    root.hidden = false;
    this.#show(dataset.fetch);
    watchDatasets((progress) => {
      if (progress.dataset !== dataset.name) return;
      this.eventCount += 1;
      this.#show(progress);
    });
  }

  async #start() {
    const { eventCount } = this;
    this.#draw({ busy: true });
    try {
      /** @type {DatasetInfo} */
      const dataset = await api.post(`/api/datasets/${encodeURIComponent(this.dataset.name)}/fetch`);
      if (dataset.available) this.#finish();
      // If a download fails immediately, the event with the error may arrive before this response. The response was
      // created before the failure, so do not show it.
      else if (this.eventCount === eventCount) this.#show(dataset.fetch);
    } catch (error) {
      this.#draw({ error: errorMessage(error) });
    }
  }

  /** @param {DatasetProgress | null} progress null before the first download */
  #show(progress) {
    if (progress?.state === "available") return this.#finish();
    const error = progress?.state === "failed" ? (progress.error ?? "The download failed.") : "";
    const fetching = progress?.state === "fetching" ? progress : null;
    this.#draw({ busy: fetching !== null, progress: fetching, error });
  }

  #finish() {
    this.root.hidden = true;
    this.onAvailable();
  }

  /**
   * Draw the button, the progress and the error.
   * @param {{busy?: boolean, progress?: DatasetProgress | null, error?: string}} state
   */
  #draw({ busy = false, progress = null, error = "" }) {
    const size = bytes(this.dataset.download_bytes);
    render(
      html`<button class="btn btn-primary num" id="fetch" type="button" ?disabled=${busy} @click=${() => this.#start()}>
          ${error ? "Try again" : "Download"} (${size})
        </button>
        ${progress ? progressTemplate(progress) : nothing}
        ${error ? html`<div class="alert alert-danger dataset-error" id="fetch-error" role="alert">${error}</div>` : nothing}`,
      this.root,
    );
  }
}
