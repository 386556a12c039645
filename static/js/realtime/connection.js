/**
 * Socket.IO connection to the server, shared by all parts of a page.
 *
 * Some proxies and virus scanners accept a WebSocket and then transmit nothing. Therefore, if the server does not answer
 * on the WebSocket, the connection uses HTTP polling instead.
 *
 * @import {Socket} from "../../vendor/socket.io.esm.min.js"
 */

import { io } from "../../vendor/socket.io.esm.min.js";
import { ApiError, isOtherServer, showOtherServer, storeId } from "../core/api.js";

const RECONNECT_NOTICE_DELAY = 800; // ms without a connection before the page shows a notice
const MAX_ANSWER_TIME = 5000; // ms that the server may take to answer on a WebSocket
const REQUEST_INTERVAL = 1000; // ms between two requests that replace the events of a silent connection
const TRANSPORTS = ["websocket", "polling"];

/** @type {Socket | undefined} */
let shared;
/** True while the server has neither answered nor refused the connection. */
let waiting = false;

/** Return the connection, and open it on first use. */
export function connection() {
  if (shared) return shared;
  const auth = { store: storeId() };
  const socket = io({ transports: TRANSPORTS, tryAllTransports: true, reconnectionDelayMax: 3000, auth });
  shared = socket;
  showLostConnection(socket);
  replaceSilentWebSocket(socket);
  socket.on("connect_error", (/** @type {Error & {data?: {code?: string}}} */ error) => {
    if (isOtherServer(error.data)) showOtherServer();
  });
  return socket;
}

/** Show a notice while the page is not connected. @param {Socket} socket */
function showLostConnection(socket) {
  /** @type {number | undefined} */
  let timer;
  const onLost = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => showNotice(socket.active ? "Reconnecting…" : ""), RECONNECT_NOTICE_DELAY);
  };
  socket.on("disconnect", (/** @type {string} */ reason) => {
    onLost();
    if (reason === "io server disconnect") socket.connect();
  });
  socket.on("connect_error", onLost);
  socket.on("connect", () => {
    window.clearTimeout(timer);
    showNotice("");
  });
}

/** Show or hide the notice about the connection. @param {string} text empty to hide it */
function showNotice(text) {
  const notice = document.getElementById("connection");
  if (!notice) return;
  notice.textContent = text;
  notice.hidden = text === "";
}

/** Connect by HTTP polling if the server does not answer on a WebSocket. @param {Socket} socket */
function replaceSilentWebSocket(socket) {
  /** @type {number | undefined} */
  let timer;
  const start = () => {
    waiting = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      socket.io.opts.transports = ["polling"];
      socket.disconnect().connect();
    }, MAX_ANSWER_TIME);
  };
  const end = () => {
    waiting = false;
    window.clearTimeout(timer);
  };
  start();
  socket.io.on("reconnect_attempt", start);
  socket.on("connect", end);
  socket.on("connect_error", end);
  socket.on("disconnect", () => {
    socket.io.opts.transports = TRANSPORTS;
  });
}

/**
 * Call `load` every second while the page waits for the server's answer on its connection. A failed request is ignored,
 * because the next one follows soon.
 * @param {() => Promise<void>} load
 * @returns {() => void} function that ends the calls
 */
export function loadWhileWaiting(load) {
  let loading = false;
  const timer = window.setInterval(async () => {
    if (!waiting || loading) return;
    loading = true;
    try {
      await load();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    } finally {
      loading = false;
    }
  }, REQUEST_INTERVAL);
  return () => window.clearInterval(timer);
}
