/** Status and duration of a run. */

/** @import {Run, RunStatus} from "../../../types/api.js" */

/** Return true if the run can complete more epochs. @param {{status: RunStatus}} run */
export const isLive = ({ status }) => status === "queued" || status === "running" || status === "paused";

/**
 * Return the duration of a run in seconds. For an ended run, it is the time of training and evaluation until its last
 * epoch, as on the page of the run; for a live run, it is the time since the start. It is null if there is no such time.
 * @param {Run} run
 * @param {number} [now] time in milliseconds since 1970
 */
export function runSeconds(run, now = Date.now()) {
  if (!isLive(run)) return run.metrics?.elapsed_seconds ?? null;
  return run.started_at === null ? null : Math.max(0, now - Date.parse(run.started_at)) / 1000;
}
