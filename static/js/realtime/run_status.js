/** Status and duration of a run. */

/** @import {Run, RunStatus} from "../../../types/api.js" */

/** Return true if the run can complete more epochs. @param {{status: RunStatus}} run */
export const isLive = ({ status }) => status === "queued" || status === "running" || status === "paused";

/**
 * Return the seconds from the start of training to its end or to now, or null before the start.
 * @param {Run} run
 * @param {number} [now] time in milliseconds since 1970
 */
export function runSeconds(run, now = Date.now()) {
  if (run.started_at === null) return null;
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return Math.max(0, end - Date.parse(run.started_at)) / 1000;
}
