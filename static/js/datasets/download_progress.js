/** Progress of the download of a data set. */

/** @import {DatasetProgress} from "../../../types/api.js" */

import { bytes } from "../core/format.js";
import { html } from "../core/html.js";
import { progressBar } from "../ui/progress_bar.js";

/** Return the template of a progress bar and a text. @param {DatasetProgress} progress */
export function progressTemplate(progress) {
  return html`${progressBar("Downloaded", downloadedPercent(progress), "w-100")}
    <p class="small text-body-secondary text-break num mb-0" role="status">${describeProgress(progress)}</p>`;
}

/** Return the downloaded part, from 0 to 100. @param {DatasetProgress} progress */
export function downloadedPercent({ received_bytes: received, total_bytes: total }) {
  return total ? Math.min(100, (100 * received) / total) : 0;
}

/** Describe the downloaded part and the current file. @param {DatasetProgress} progress */
export function describeProgress({ received_bytes: received, total_bytes: total, file }) {
  return `${bytes(received)} of ${bytes(total)}${file ? `, ${file}` : ""}`;
}
