/** Progress of the download of a data set. */

/** @import {DatasetProgress} from "../../../types/api.js" */

import { bytes } from "../core/format.js";
import { html } from "../core/html.js";

/** Return the template of a progress bar and a text. @param {DatasetProgress} progress */
export function progressTemplate(progress) {
  const width = downloadedPercent(progress).toFixed(1);
  return html`<div class="progress w-100" role="progressbar" aria-label="Downloaded" aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${width}>
      <div class="progress-bar" .style=${`width: ${width}%`}></div>
    </div>
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
