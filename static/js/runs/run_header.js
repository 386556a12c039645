/**
 * Head of the run page: name, times and notes of the run, and links to what a person does next.
 *
 * @import {Run} from "../../../types/api.js"
 */

import { moment } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";

/**
 * Describe when a run was created and when it ended. A run that ended on the same day shows the date once.
 * @param {Pick<Run, "created_at" | "finished_at">} run
 */
export function describeTimes({ created_at, finished_at }) {
  const created = moment(created_at);
  if (!finished_at) return `Created ${created}`;
  const ended = moment(finished_at);
  const date = created.slice(0, created.lastIndexOf(", ") + 2);
  return `Created ${created}, ended ${ended.startsWith(date) ? ended.slice(date.length) : ended}`;
}

/**
 * @param {HTMLElement} root the server has rendered the same content, except the times
 * @param {object} options
 * @param {Run} options.run
 * @param {boolean} options.hasImages true if the run has a page of misclassified images
 * @param {string} options.reuseHref address of the form with the hyperparameters of the run
 * @param {() => void} options.onEdit
 */
export function renderRunHeader(root, { run, hasImages, reuseHref, onEdit }) {
  const misclassified = html`<a class="btn btn-primary" href="/runs/${run.id}/misclassified">See misclassified images</a>`;
  render(
    html`
      <div>
        <p class="small fw-semibold text-body-secondary mb-0"><a href="/runs">Runs</a> › Run ${run.id}</p>
        <h1>${run.name}</h1>
        <p class="small text-body-secondary mb-0">${describeTimes(run)}</p>
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
