/** Status and duration of a run. */

/** @import {Run, RunStatus} from "../../../types/api.js" */

/** Return true if the run can complete more epochs. @param {{status: RunStatus}} run */
export const isLive = ({ status }) => status === "queued" || status === "running" || status === "paused";

/** Time at which each description of a run was first shown, in milliseconds. @type {WeakMap<Run, number>} */
const shownAt = new WeakMap();

/**
 * Return the duration of a run in seconds. For an ended run, it is the time of training and evaluation until its last
 * epoch, as on the page of the run; for a live run, it is the time since the start. It is null if there is no such time.
 * The clock of this computer may differ from that of the server, so it only measures the time since the server described
 * the run.
 * @param {Run} run
 * @param {number} [now] time in milliseconds
 */
export function runSeconds(run, now = performance.now()) {
  if (run.duration === null || !isLive(run)) return run.duration;
  const first = shownAt.get(run) ?? now;
  shownAt.set(run, first);
  return run.duration + (now - first) / 1000;
}
