/** Download of a data set: the button, the progress, and the error. */
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
    /** The number of progress events received. */
    this.heard = 0;
    this.button = /** @type {HTMLButtonElement} */ (byId("fetch"));
    this.progress = /** @type {HTMLProgressElement} */ (byId("progress"));
    this.button.addEventListener("click", () => this.#start());
    byId("missing").hidden = false;
    this.#show(dataset.fetch);
    watchDatasets((progress) => {
      if (progress.dataset !== dataset.name) return;
      this.heard += 1;
      this.#show(progress);
    });
  }

  async #start() {
    this.button.disabled = true;
    byId("fetch-error").hidden = true;
    const { heard } = this;
    try {
      /** @type {DatasetInfo} */
      const dataset = await api.post(`/api/datasets/${this.dataset.name}/fetch`);
      if (dataset.available) this.#finish();
      // A download that fails at once is told of before this answer comes, which does not know of it yet.
      else if (this.heard === heard) this.#show(dataset.fetch);
    } catch (error) {
      this.#fail(errorMessage(error));
    }
  }

  /** @param {DatasetProgress | null} progress null: it was not asked for yet */
  #show(progress) {
    const fetching = progress?.state === "fetching";
    this.button.disabled = fetching;
    byId("fetching").hidden = !fetching;
    setText(
      this.button,
      `${progress?.state === "failed" ? "Try again" : "Download"} (${bytes(this.dataset.download_bytes)})`,
    );
    if (progress?.state === "available") this.#finish();
    if (progress?.state === "failed") this.#fail(messageOf(progress.error));
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

/** @param {DatasetProgress["error"]} error */
function messageOf(error) {
  return error ?? "The download failed.";
}
