/** Download of a data set, with a button, the progress, and error messages. */
import { api, errorMessage } from "../core/api.js";
import { byId, setText } from "../core/dom.js";
import { bytes } from "../core/format.js";
import { watchDatasets } from "../realtime/socket.js";

/**
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").DatasetProgress} DatasetProgress
 */

export class DownloadPanel {
  /**
   * @param {DatasetInfo} dataset
   * @param {() => void} onAvailable
   */
  constructor(dataset, onAvailable) {
    this.dataset = dataset;
    this.onAvailable = onAvailable;
    this.eventCount = 0; // progress events received so far
    this.button = /** @type {HTMLButtonElement} */ (byId("fetch"));
    this.progress = /** @type {HTMLProgressElement} */ (byId("progress"));
    this.button.addEventListener("click", () => this.#start());
    byId("missing").hidden = false;
    this.#show(dataset.fetch);
    watchDatasets((progress) => {
      if (progress.dataset !== dataset.name) return;
      this.eventCount += 1;
      this.#show(progress);
    });
  }

  async #start() {
    this.button.disabled = true;
    byId("fetch-error").hidden = true;
    const { eventCount } = this;
    try {
      /** @type {DatasetInfo} */
      const dataset = await api.post(`/api/datasets/${this.dataset.name}/fetch`);
      if (dataset.available) this.#finish();
      // If a download fails immediately, the event with the error may arrive before this response. The response was
      // created before the failure, so do not show it.
      else if (this.eventCount === eventCount) this.#show(dataset.fetch);
    } catch (error) {
      this.#fail(errorMessage(error));
    }
  }

  /** @param {DatasetProgress | null} progress null before the first download */
  #show(progress) {
    const fetching = progress?.state === "fetching";
    this.button.disabled = fetching;
    byId("fetching").hidden = !fetching;
    setText(
      this.button,
      `${progress?.state === "failed" ? "Try again" : "Download"} (${bytes(this.dataset.download_bytes)})`,
    );
    if (progress?.state === "available") this.#finish();
    if (progress?.state === "failed") this.#fail(progress.error ?? "The download failed.");
    if (!fetching) return;
    byId("fetch-error").hidden = true;
    const total = progress.total_bytes || this.dataset.download_bytes;
    this.progress.value = Math.min(1, progress.received_bytes / total);
    const file = progress.file ? `, ${progress.file}` : "";
    setText(byId("progress-text"), `${bytes(progress.received_bytes)} of ${bytes(total)}${file}`);
  }

  #finish() {
    byId("missing").hidden = true;
    this.onAvailable();
  }

  /** @param {string} message */
  #fail(message) {
    this.button.disabled = false;
    byId("fetching").hidden = true;
    byId("fetch-error").textContent = message;
    byId("fetch-error").hidden = false;
  }
}
