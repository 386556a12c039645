/** Text that explains what a queued run waits for. */
import { count, counted } from "../core/format.js";

/** @import {Queue, Run} from "../../../types/api.js" */

/**
 * Describe what a queued run waits for: a full disk, or the runs that train and those that are earlier in the queue.
 * Return undefined if no run trains, so that this one is about to start.
 * @param {Pick<Run, "id" | "started_at">} run
 * @param {Queue} queue
 */
export function describeWait({ id, started_at }, { workers, running, waiting }) {
  const own = running.find((each) => each.id === id);
  if (own) return own.problem ?? "Training is about to start.";
  if (running.length === 0) return undefined;
  const names = running.map((each) => `run ${each.id} (${each.name})`).join(", ");
  const busy =
    running.length === 1 ? `${names} is training` : `${counted(running.length, "run")} are training: ${names}`;
  const ahead = waiting.findIndex((each) => each.id === id);
  const others = ahead > 0 ? ` ${counted(ahead, "run")} ${ahead === 1 ? "waits" : "wait"} before it.` : "";
  const verb = started_at ? "continues" : "starts";
  return (
    `Waiting for ${workers === 1 ? "the only worker" : `one of ${count(workers)} workers`}: ${busy}.${others} ` +
    `Training ${verb} as soon as a worker is free. Pause or stop a run to free its worker.`
  );
}
