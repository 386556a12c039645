/**
 * Head of the run page: name, times and notes of the run, and links to what a person does next.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 */

import { moment } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";

/**
 * @param {HTMLElement} root the server has rendered the same content, except the times
 * @param {object} options
 * @param {Run} options.run
 * @param {boolean} options.hasImages true if the page of misclassified images has content
 * @param {string} options.reuseHref address of the form with the hyperparameters of the run
 * @param {() => void} options.onEdit
 */
export function renderRunHeader(root, { run, hasImages, reuseHref, onEdit }) {
  const ended = run.finished_at ? `, ended ${moment(run.finished_at)}` : "";
  const misclassified = html`<a class="btn btn-primary" href="/runs/${run.id}/misclassified">See misclassified images</a>`;
  render(
    html`
      <div>
        <p class="small fw-semibold text-body-secondary mb-0"><a href="/runs">Runs</a> › Run ${run.id}</p>
        <h1>${run.name}</h1>
        <p class="small text-body-secondary mb-0">Created ${moment(run.created_at)}${ended}</p>
        ${run.notes ? html`<p class="run-notes mt-2 mb-0" id="notes">${run.notes}</p>` : nothing}
      </div>
      <div class="hstack flex-wrap gap-2 d-print-none">
        ${hasImages ? misclassified : nothing}
        <a class="btn btn-outline-secondary" href=${reuseHref}>Reuse these hyperparameters</a>
        <button class="btn btn-outline-secondary" type="button" @click=${onEdit}>Edit…</button>
      </div>`,
    root,
  );
  document.title = `${run.name} · Misfit`;
}
