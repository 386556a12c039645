/**
 * Files of a run to download.
 *
 * @import {Run, StoredCheckpoint} from "../../../types/api.js"
 * @typedef {{name: string, href: string, note: string, file?: string}} Download `file`: name of the downloaded file
 */

import { bytes, count } from "../core/format.js";
import { html, render } from "../core/html.js";

/** Return the hyperparameters as JSON that POST /api/runs accepts. @param {Run} run */
export const hyperparametersJson = ({ name, preset, hyperparameters }) =>
  `${JSON.stringify({ name, preset, hyperparameters }, null, 2)}\n`;

/**
 * Return the files that a run offers.
 * @param {Run} run
 * @param {{hasEpochs: boolean, checkpoints: StoredCheckpoint[], hyperparametersHref: string}} options `checkpoints`: the
 *   checkpoints that exist
 * @returns {Download[]}
 */
export function downloads(run, { hasEpochs, checkpoints, hyperparametersHref }) {
  const api = `/api/runs/${run.id}`;
  const hyperparameters = {
    name: "hyperparameters.json",
    href: hyperparametersHref,
    note: "to train again with POST /api/runs",
    file: `misfit-run-${run.id}.json`,
  };
  const checkpoint = (/** @type {StoredCheckpoint} */ { which, epoch, bytes: size }) => ({
    name: `${which} checkpoint`,
    href: `${api}/checkpoint.npz?which=${which}`,
    note: `the weights after epoch ${count(epoch)}, for NumPy (${bytes(size)})`,
  });
  if (!hasEpochs) return [hyperparameters];
  return [
    { name: "epochs.csv", href: `${api}/epochs.csv`, note: "the metrics of every epoch" },
    hyperparameters,
    ...checkpoints.map(checkpoint),
  ];
}

/** @param {HTMLElement} root @param {Download[]} files */
export function renderDownloads(root, files) {
  const item = (/** @type {Download} */ { name, href, note, file = "" }) =>
    html`<li class="col-sm-6 col-lg-3"><a class="d-inline-block py-1" href=${href} download=${file}>${name}</a>
      <span class="d-block small text-body-secondary">${note}</span></li>`;
  render(html`${files.map(item)}`, root);
}
