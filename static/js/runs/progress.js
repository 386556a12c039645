/**
 * Progress of a run in numbers and words.
 *
 * @import {Run} from "../../../types/api.js"
 * @import {BatchProgress} from "../../../types/events.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 */

import { count, counted, duration } from "../core/format.js";

/**
 * Describe how far a run is.
 * @param {Run} run
 * @param {Pick<EpochSeries, "epochs" | "last">} series completed epochs
 * @param {BatchProgress | null} batchProgress latest progress within an epoch
 * @param {string} noun noun for one training example
 */
export function describeProgress(run, { epochs, last }, batchProgress, noun) {
  const live = run.status === "running" || run.status === "paused";
  const total = Number(run.hyperparameters.epochs);
  const done = epochs.length;
  const current = live && batchProgress && batchProgress.epoch > done ? batchProgress : null;
  const epochFraction = current ? current.batch / current.batches : 0;
  const elapsed = last?.elapsed_seconds ?? null;
  const perEpoch = elapsed === null ? firstEpochSeconds(run, current) : elapsed / done;
  const left = perEpoch === null ? null : perEpoch * Math.max(0, total - done - epochFraction);
  const perSecond = current?.images_per_second ?? last?.images_per_second;
  return {
    live,
    epochFraction,
    runFraction: Math.min(1, (done + epochFraction) / total),
    epoch: describeEpoch(run.status, live, done, total),
    batch: current ? `batch ${count(current.batch)} of ${count(current.batches)}` : "",
    time: duration(live ? left : elapsed),
    speed: perSecond ? `${count(perSecond)} ${noun}s/s` : "–",
  };
}

/**
 * Estimate the duration of the first epoch from its mini-batches, without evaluation, or return null.
 * @param {Run} run
 * @param {BatchProgress | null} progress
 */
function firstEpochSeconds(run, progress) {
  if (!progress?.images_per_second || run.train_size === null) return null;
  const windows = run.hyperparameters.sampling === "sliding_window" && run.hyperparameters.batching === "mini_batch";
  const images = run.train_size * (windows ? Number(run.hyperparameters.batch_size) : 1);
  return images / progress.images_per_second;
}

/**
 * @param {Run["status"]} status
 * @param {boolean} live
 * @param {number} done
 * @param {number} total
 */
function describeEpoch(status, live, done, total) {
  if (status === "queued") return "Queued";
  if (live && done < total) return `Epoch ${count(done + 1)} of ${count(total)}`;
  return done === total ? counted(done, "epoch") : `${count(done)} of ${counted(total, "epoch")}`;
}
