/**
 * Name, times and notes of a run at the top of its page.
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

/** Draw the name, the times and the notes of a run, and show the name in the tab. @param {HTMLElement} root @param {Run} run */
export function renderRunHeader(root, run) {
  render(
    html`<h1>${run.name}</h1>
      <p class="small text-body-secondary mb-0">${describeTimes(run)}</p>
      ${run.notes ? html`<p class="run-notes mt-2 mb-0" id="notes">${run.notes}</p>` : nothing}`,
    root,
  );
  document.title = `${run.name} · Misfit`;
}
