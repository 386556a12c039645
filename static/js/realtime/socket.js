/**
 * Subscriptions to the events of the server.
 *
 * Socket.IO may lose messages. Therefore, when a page subscribes to a run, it sends the number of the last epoch that
 * it received, and the server sends all later epochs. If the page detects a missing epoch, it subscribes again. While
 * the connection is silent, the page requests the epochs.
 *
 * @import {DatasetProgress, EpochResult, Run} from "../../../types/api.js"
 * @import {BatchProgress, DiagnosisChanged, TelemetryStored, TrialsChanged} from "../../../types/events.js"
 */

import { api, isMissing } from "../core/api.js";
import { connection, loadWhileWaiting } from "./connection.js";

/**
 * @typedef {object} RunListener
 * @property {(results: EpochResult) => void} [onEpoch] called once for each epoch, in order
 * @property {(progress: BatchProgress) => void} [onBatch] called a few times per second while an epoch runs
 * @property {(event: TelemetryStored) => void} [onTelemetry] called with measurements inside the network; an event may be
 *   missing or repeated
 * @property {(event: DiagnosisChanged) => void} [onDiagnosis] called when the diagnosis has changed
 * @property {(event: TrialsChanged) => void} [onTrials] called when the trials have changed
 * @property {(run: Run) => void} [onStatus] called after each change of status, including the end of the run
 * @property {() => void} [onDeleted] called if the run has been deleted
 * @property {(message: string) => void} [onRejected] called if the server rejects the subscription
 */

/**
 * Subscribe to the events of one run.
 * @param {number} runId
 * @param {number} afterEpoch last epoch that the caller has received
 * @param {RunListener} listener
 * @returns {() => void} function that unsubscribes
 */
export function watchRun(runId, afterEpoch, listener) {
  const socket = connection();
  let last = afterEpoch;
  let subscribing = false;
  let hasGap = false;
  let ended = false;

  const subscribe = () => {
    if (!socket.connected) return;
    subscribing = true;
    hasGap = false;
    socket.emit("subscribe", { run_id: runId, after_epoch: last }, (/** @type {any} */ response) => {
      subscribing = false;
      if (response?.error?.code === "not_found") onDeleted();
      else if (response?.error) listener.onRejected?.(response.error.message);
      else if (hasGap) subscribe();
    });
  };
  const onGap = () => {
    hasGap = true;
    if (!subscribing) subscribe();
  };
  const onDeleted = () => {
    if (ended) return;
    unsubscribe();
    listener.onDeleted?.();
  };
  /** Receive an epoch if it is the next one; ignore it if it is already known. @param {EpochResult} result */
  const onEpoch = (result) => {
    if (ended || result.epoch <= last) return;
    if (result.epoch > last + 1) return onGap();
    last = result.epoch;
    hasGap = false;
    listener.onEpoch?.(result);
  };
  /** @param {Run} run */
  const onStatus = (run) => {
    if (ended) return;
    listener.onStatus?.(run);
    if (run.epochs_completed > last) onGap();
  };
  const load = async () => {
    try {
      const run = await api.get(`/api/runs/${runId}`);
      if (run.epochs_completed > last) {
        const { items } = await api.get(`/api/runs/${runId}/epochs?after=${last}`);
        for (const result of items) onEpoch(result);
      }
      if (!socket.connected) onStatus(run); // the events of a connection are newer
    } catch (error) {
      if (!isMissing(error)) throw error;
      onDeleted();
    }
  };

  /** @type {Record<string, (message: any) => void>} */
  const ofRun = {
    epoch_completed: onEpoch,
    batch_progress: (message) => listener.onBatch?.(message),
    telemetry: (message) => listener.onTelemetry?.(message),
    diagnosis: (message) => listener.onDiagnosis?.(message),
    trials: (message) => listener.onTrials?.(message),
    run_status: (message) => onStatus(message.run),
    run_finished: (message) => onStatus(message.run),
    run_deleted: onDeleted,
  };
  /** @type {[string, (message: any) => void][]} */
  const handlers = Object.entries(ofRun).map(([name, handle]) => [
    name,
    (message) => message.run_id === runId && handle(message),
  ]);
  handlers.push(["connect", subscribe]);
  for (const [name, handler] of handlers) socket.on(name, handler);
  const endLoading = loadWhileWaiting(load);
  const unsubscribe = () => {
    ended = true;
    endLoading();
    for (const [name, handler] of handlers) socket.off(name, handler);
    if (socket.connected) socket.emit("unsubscribe", { run_id: runId });
  };
  subscribe();
  return unsubscribe;
}

/**
 * Subscribe to the status changes of all runs. The server does not resend changes that the page missed while it was
 * disconnected, so `onMissed` should load the list of runs again.
 * @param {{onStatus: (run: Run) => void, onDeleted: (runId: number) => void, onMissed: () => Promise<void>}} listener
 * @returns {() => void} function that unsubscribes
 */
export function watchRuns({ onStatus, onDeleted, onMissed }) {
  const socket = connection();
  // What happens before the subscription is in the loaded list; what happens after it arrives as an event.
  const subscribe = () => socket.emit("subscribe_runs", {}, () => onMissed());
  const onMessage = (/** @type {{run: Run}} */ message) => onStatus(message.run);
  /** @type {[string, (message: any) => void][]} */
  const handlers = [
    ["connect", subscribe],
    ["run_status", onMessage],
    ["run_finished", onMessage],
    ["run_deleted", (/** @type {{run_id: number}} */ message) => onDeleted(message.run_id)],
  ];
  for (const [name, handler] of handlers) socket.on(name, handler);
  const endLoading = loadWhileWaiting(onMissed);
  if (socket.connected) subscribe();
  return () => {
    endLoading();
    for (const [name, handler] of handlers) socket.off(name, handler);
    if (socket.connected) socket.emit("unsubscribe_runs", {});
  };
}

/**
 * Listen to the progress of data set downloads.
 * @param {(progress: DatasetProgress) => void} listener
 * @returns {() => void} function that stops listening
 */
export function watchDatasets(listener) {
  const socket = connection();
  socket.on("dataset_progress", listener);
  return () => {
    socket.off("dataset_progress", listener);
  };
}
