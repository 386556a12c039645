/**
 * One connection to the server, shared by everything on the page.
 *
 * Socket.IO delivers at most once, so a listener is never trusted to have heard everything: it says which epoch it has,
 * the server replays the rest, and an epoch is passed on only if it is exactly the next.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").EpochResult} EpochResult
 * @typedef {import("../../../types/events.js").BatchProgress} BatchProgress
 * @typedef {import("../../../types/api.js").DatasetProgress} DatasetProgress
 * @typedef {import("../../vendor/socket.io.esm.min.js").Socket} Socket
 */

import { io } from "../../vendor/socket.io.esm.min.js";
import { setMessage } from "../core/dom.js";

const PATIENCE = 800; // ms without a connection before the page mentions it

/** @type {Socket | undefined} */
let shared;

/** The connection, opened on first use. */
function connection() {
  if (shared) return shared;
  const socket = io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 3000 });
  shared = socket;
  /** @type {number | undefined} */
  let waiting;
  const lost = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => showConnection("Reconnecting…"), PATIENCE);
  };
  socket.on("disconnect", (/** @type {string} */ reason) => {
    lost();
    if (reason === "io server disconnect") socket.connect();
  });
  socket.on("connect_error", lost);
  socket.on("connect", () => {
    window.clearTimeout(waiting);
    showConnection("");
  });
  return socket;
}

/** @param {string} text nothing to say where it is empty */
function showConnection(text) {
  const place = document.getElementById("connection");
  if (place) setMessage(place, text);
}

/**
 * Whoever wants to hear of a run.
 * @typedef {object} RunListener
 * @property {(results: EpochResult) => void} [onEpoch] each epoch once, in order
 * @property {(progress: BatchProgress) => void} [onBatch]
 * @property {(run: Run) => void} [onStatus] also once at the end
 * @property {(message: string) => void} [onRefused] the server will not have this subscription
 */

/**
 * Hear of one run until the returned function is called.
 * @param {number} runId
 * @param {number} afterEpoch the last epoch that the caller has
 * @param {RunListener} listener
 * @returns {() => void} stop listening
 */
export function watchRun(runId, afterEpoch, listener) {
  const socket = connection();
  let last = afterEpoch;
  let subscribing = false;
  let missed = false;

  const subscribe = () => {
    if (!socket.connected) return;
    subscribing = true;
    missed = false;
    socket.emit("subscribe", { run_id: runId, after_epoch: last }, (/** @type {any} */ answer) => {
      subscribing = false;
      if (answer?.error) listener.onRefused?.(answer.error.message);
      else if (missed) subscribe();
    });
  };
  const onGap = () => {
    missed = true;
    if (!subscribing) subscribe();
  };

  /** @type {Record<string, (message: any) => void>} */
  const handlers = {
    connect: subscribe,
    epoch_completed: (message) => {
      if (message.run_id !== runId || message.epoch <= last) return;
      if (message.epoch > last + 1) return onGap();
      last = message.epoch;
      missed = false;
      listener.onEpoch?.(message);
    },
    batch_progress: (message) => {
      if (message.run_id === runId) listener.onBatch?.(message);
    },
    run_status: (message) => hearStatus(message),
    run_finished: (message) => hearStatus(message),
  };
  const hearStatus = (/** @type {{run_id: number, run: Run}} */ message) => {
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
 * Hear of every run's changes of status until the returned function is called. What happened while the connection was
 * lost is not told again: `onConnect` is the moment to ask for the list.
 * @param {{onStatus: (run: Run) => void, onConnect?: () => void}} listener
 * @returns {() => void} stop listening
 */
export function watchRuns({ onStatus, onConnect }) {
  const socket = connection();
  const subscribe = () => {
    socket.emit("subscribe_runs", {});
    onConnect?.();
  };
  const hear = (/** @type {{run: Run}} */ message) => onStatus(message.run);
  socket.on("connect", subscribe);
  socket.on("run_status", hear);
  socket.on("run_finished", hear);
  if (socket.connected) subscribe();
  return () => {
    socket.off("connect", subscribe);
    socket.off("run_status", hear);
    socket.off("run_finished", hear);
    if (socket.connected) socket.emit("unsubscribe_runs", {});
  };
}

/**
 * Hear how downloads of data sets go, until the returned function is called.
 * @param {(progress: DatasetProgress) => void} listener
 * @returns {() => void} stop listening
 */
export function watchDatasets(listener) {
  const socket = connection();
  socket.on("dataset_progress", listener);
  return () => {
    socket.off("dataset_progress", listener);
  };
}
