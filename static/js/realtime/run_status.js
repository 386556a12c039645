/** Status and duration of a run. */

/** @import {Run, RunStatus} from "../../../types/api.js" */

/** Return true if the run can complete more epochs. @param {{status: RunStatus}} run */
export const isLive = ({ status }) => status === "queued" || status === "running" || status === "paused";

/** Time at which each description of a run was first shown, in milliseconds. @type {WeakMap<Run, number>} */
const shownAt = new WeakMap();

/**
 * Return the seconds from the start of training to its end or to now, or null before the start. The clock of this
 * computer may differ from that of the server, so it only measures the time since the server described the run.
 * @param {Run} run
 * @param {number} [now] time in milliseconds
 */
export function runSeconds(run, now = performance.now()) {
  if (run.duration === null || run.finished_at !== null) return run.duration;
  const first = shownAt.get(run) ?? now;
  shownAt.set(run, first);
  return run.duration + (now - first) / 1000;
}
