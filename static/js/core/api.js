/**
 * HTTP requests with JSON bodies. A failed request throws an `ApiError`.
 *
 * Each request contains the identity of the database that the page is about. A page can outlive its server. If another
 * server with another database starts at the same address, the same ids are other runs, so it rejects the request.
 */

import { html, render } from "./html.js";

/** Error of a request; `fields` maps names of form fields to messages. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, or 0 if the server did not respond
   * @param {string} code
   * @param {string} message
   * @param {Record<string, string>} fields
   */
  constructor(status, code, message, fields) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/**
 * Send a request, and parse the JSON of the response.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal, keepalive?: boolean, onHeaders?: (headers: Headers) => void}} [options]
 *   `keepalive`: finish the request even if the user leaves the page
 * @returns {Promise<any>} the parsed response; `null` if it has no body
 * @throws {ApiError} if the request fails or the server reports an error
 * @throws {DOMException} `AbortError` if the signal aborts the request
 */
async function call(method, path, body, { signal, keepalive = false, onHeaders } = {}) {
  /** @type {RequestInit} */
  const request = {
    method,
    headers: { Accept: "application/json", ...storeHeader() },
    signal: signal ?? null,
    keepalive,
  };
  if (body !== undefined) {
    request.headers = { ...request.headers, "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const { response, text } = await send(path, request);
  /** @type {any} */
  let content = null;
  try {
    content = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok)
      throw new ApiError(response.status, "unreadable", "The server sent a response that is not valid JSON.", {});
  }
  if (response.ok) {
    onHeaders?.(response.headers);
    return content;
  }
  const {
    code = "error",
    message = `The server responded with status ${response.status}.`,
    fields = {},
  } = content?.error ?? {};
  if (isOtherServer({ code })) showOtherServer();
  throw new ApiError(response.status, code, message, fields);
}

/**
 * Send a request, and return the response and its text.
 * @param {string} path
 * @param {RequestInit} request
 * @throws {ApiError} if the response is missing or incomplete
 * @throws {DOMException} `AbortError` if the signal aborts the request
 */
async function send(path, request) {
  try {
    const response = await fetch(path, request);
    return { response, text: await response.text() };
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(0, "unreachable", "The Misfit server does not respond. Is it still running?", {});
  }
}

/**
 * Load a response that is not JSON.
 * @template T
 * @param {string} path
 * @param {(response: Response) => Promise<T>} read returns the body of the response
 * @param {string} failure message of the error if the server does not return it
 * @param {RequestInit} [request]
 * @returns {Promise<T>}
 * @throws {ApiError} if the response is missing, incomplete or an error
 */
async function load(path, read, failure, request) {
  const headers = { ...request?.headers, ...storeHeader() };
  const response = await fetch(path, { ...request, headers }).catch(() => null);
  const body = response?.ok ? await read(response).catch(() => null) : null;
  if (!body) throw new ApiError(response?.status ?? 0, "not_loaded", failure, {});
  return body;
}

/** @param {string} path @param {{signal?: AbortSignal, onHeaders?: (headers: Headers) => void}} [options] */
const get = (path, options) => call("GET", path, undefined, options);
/** @param {string} path @param {unknown} [body] @param {{signal?: AbortSignal}} [options] */
const post = (path, body = {}, options) => call("POST", path, body, options);
/** @param {string} path @param {unknown} body @param {{keepalive?: boolean}} [options] */
const patch = (path, body, options) => call("PATCH", path, body, options);
/** @param {string} path */
const remove = (path) => call("DELETE", path);

export const api = { get, post, patch, delete: remove, load };

/** Return true if the error was thrown because a request was aborted. @param {unknown} error */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * Return true if the requested run, image or file does not exist, for example because it was deleted.
 * @param {unknown} error
 * @returns {error is ApiError}
 */
export function isMissing(error) {
  return error instanceof ApiError && error.status === 404;
}

/** Return the message of an error. @param {unknown} error */
export function errorMessage(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Return the identity of the database that this page is about. */
export function storeId() {
  return document.documentElement?.dataset.store;
}

/** Return the request header with the identity. @returns {Record<string, string>} */
function storeHeader() {
  const id = storeId();
  return id ? { "Misfit-Store": id } : {};
}

/** Return true for the error of a server that has another database. @param {{code?: string} | undefined} error */
export const isOtherServer = (error) => error?.code === "other_server";

/** Show above the content that the page belongs to another server, once. */
export function showOtherServer() {
  if (document.getElementById("other-server")) return;
  const notice = document.createElement("div");
  notice.id = "other-server";
  document.getElementById("content")?.prepend(notice);
  render(
    html`<div class="alert alert-warning hstack flex-wrap justify-content-between gap-2 mb-3" role="alert">
      This page belongs to another Misfit server, which no longer runs at this address.
      <button class="btn btn-outline-secondary btn-sm" type="button" @click=${() => location.reload()}>Reload</button>
    </div>`,
    notice,
  );
}
