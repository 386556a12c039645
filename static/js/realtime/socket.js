/**
 * Socket.IO connection to the server, shared by all parts of a page.
 *
 * Socket.IO may lose messages. Therefore, when a page subscribes to a run, it sends the number of the last epoch that
 * it received, and the server sends all later epochs. If the page detects a missing epoch, it subscribes again.
 *
 * @import {DatasetProgress, EpochResult, Run} from "../../../types/api.js"
 * @import {BatchProgress} from "../../../types/events.js"
 * @import {Socket} from "../../vendor/socket.io.esm.min.js"
 */

import { io } from "../../vendor/socket.io.esm.min.js";

const RECONNECT_NOTICE_DELAY = 800; // ms without a connection before the page shows a notice

/** @type {Socket | undefined} */
let shared;

/** Return the connection, and open it on first use. */
function connection() {
  if (shared) return shared;
  const socket = io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 3000 });
  shared = socket;
  /** @type {number | undefined} */
  let noticeTimer;
  const onLost = () => {
    window.clearTimeout(noticeTimer);
    noticeTimer = window.setTimeout(() => showNotice("Reconnecting…"), RECONNECT_NOTICE_DELAY);
  };
  socket.on("disconnect", (/** @type {string} */ reason) => {
    onLost();
    if (reason === "io server disconnect") socket.connect();
  });
  socket.on("connect_error", onLost);
  socket.on("connect", () => {
    window.clearTimeout(noticeTimer);
    showNotice("");
  });
  return socket;
}

/** Show or hide the notice about the connection. @param {string} text empty to hide it */
function showNotice(text) {
  const notice = document.getElementById("connection");
  if (!notice) return;
  notice.textContent = text;
  notice.hidden = text === "";
}

/**
 * @typedef {object} RunListener
 * @property {(results: EpochResult) => void} [onEpoch] called once for each epoch, in order
 * @property {(progress: BatchProgress) => void} [onBatch] called a few times per second while an epoch runs
 * @property {(run: Run) => void} [onStatus] called after each change of status, including the end of the run
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

  const subscribe = () => {
    if (!socket.connected) return;
    subscribing = true;
    hasGap = false;
    socket.emit("subscribe", { run_id: runId, after_epoch: last }, (/** @type {any} */ response) => {
      subscribing = false;
      if (response?.error) listener.onRejected?.(response.error.message);
      else if (hasGap) subscribe();
    });
  };
  const onGap = () => {
    hasGap = true;
    if (!subscribing) subscribe();
  };

  /** @type {Record<string, (message: any) => void>} */
  const handlers = {
    connect: subscribe,
    epoch_completed: (message) => {
      if (message.run_id !== runId || message.epoch <= last) return;
      if (message.epoch > last + 1) return onGap();
      last = message.epoch;
      hasGap = false;
      listener.onEpoch?.(message);
    },
    batch_progress: (message) => {
      if (message.run_id === runId) listener.onBatch?.(message);
    },
    run_status: (message) => onStatus(message),
    run_finished: (message) => onStatus(message),
  };
  const onStatus = (/** @type {{run_id: number, run: Run}} */ message) => {
    if (message.run_id !== runId) return;
    listener.onStatus?.(message.run);
    if (message.run.epochs_completed > last) onGap();
  };

  for (const [name, handler] of Object.entries(handlers)) socket.on(name, handler);
  subscribe();
  return () => {
    for (const [name, handler] of Object.entries(handlers)) socket.off(name, handler);
    if (socket.connected) socket.emit("unsubscribe", { run_id: runId });
  };
}

/**
 * Subscribe to the status changes of all runs. The server does not resend changes that the page missed while it was
 * disconnected, so `onConnect` should load the list of runs again.
 * @param {{onStatus: (run: Run) => void, onConnect?: () => void}} listener
 * @returns {() => void} function that unsubscribes
 */
export function watchRuns({ onStatus, onConnect }) {
  const socket = connection();
  const subscribe = () => {
    socket.emit("subscribe_runs", {});
    onConnect?.();
  };
  const onMessage = (/** @type {{run: Run}} */ message) => onStatus(message.run);
  socket.on("connect", subscribe);
  socket.on("run_status", onMessage);
  socket.on("run_finished", onMessage);
  if (socket.connected) subscribe();
  return () => {
    socket.off("connect", subscribe);
    socket.off("run_status", onMessage);
    socket.off("run_finished", onMessage);
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
