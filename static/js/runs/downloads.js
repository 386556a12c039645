/**
 * Files of a run to download.
 *
 * @import {Run} from "../../../types/api.js"
 * @typedef {{name: string, href: string, note: string, file?: string}} Download `file`: name of the downloaded file
 */

import { html, render } from "../core/html.js";

/** Return the hyperparameters as JSON that POST /api/runs accepts. @param {Run} run */
export const hyperparametersJson = ({ name, preset, hyperparameters }) =>
  `${JSON.stringify({ name, preset, hyperparameters }, null, 2)}\n`;

/**
 * Return the files that a run offers.
 * @param {Run} run
 * @param {{hasEpochs: boolean, hasBest: boolean, hyperparametersHref: string}} options
 * @returns {Download[]}
 */
export function downloads(run, { hasEpochs, hasBest, hyperparametersHref }) {
  const api = `/api/runs/${run.id}`;
  const hyperparameters = {
    name: "hyperparameters.json",
    href: hyperparametersHref,
    note: "to train again with POST /api/runs",
    file: `misfit-run-${run.id}.json`,
  };
  const best = {
    name: "best checkpoint",
    href: `${api}/checkpoint.npz?which=best`,
    note: "the weights of the best epoch, for NumPy",
  };
  if (!hasEpochs) return [hyperparameters];
  return [
    { name: "epochs.csv", href: `${api}/epochs.csv`, note: "the metrics of every epoch" },
    hyperparameters,
    ...(hasBest ? [best] : []),
    { name: "last checkpoint", href: `${api}/checkpoint.npz?which=last`, note: "the network of the last epoch" },
  ];
}

/** @param {HTMLElement} root @param {Download[]} files */
export function renderDownloads(root, files) {
  const item = (/** @type {Download} */ { name, href, note, file = "" }) =>
    html`<li class="col-sm-6 col-lg-3"><a class="d-inline-block py-1" href=${href} download=${file}>${name}</a>
      <span class="d-block small text-body-secondary">${note}</span></li>`;
  render(html`${files.map(item)}`, root);
}
