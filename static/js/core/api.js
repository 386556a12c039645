/**
 * JSON over HTTP, with one kind of error.
 */

/** An error that the server reports; `fields` maps field names to messages. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, or 0 where no answer came
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
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal, keepalive?: boolean}} [options] `keepalive`: it goes on when the page is left
 * @returns {Promise<any>} the parsed answer, `null` where it has no body
 * @throws {ApiError} the server refused or did not answer
 * @throws {DOMException} `AbortError` where `signal` aborted
 */
async function call(method, path, body, { signal, keepalive = false } = {}) {
  /** @type {RequestInit} */
  const request = { method, headers: { Accept: "application/json" }, signal: signal ?? null, keepalive };
  if (body !== undefined) {
    request.headers = { ...request.headers, "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const { response, text } = await send(path, request);
  /** @type {any} */
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok)
      throw new ApiError(response.status, "unreadable", "The server sent an answer that is not valid JSON.", {});
  }
  if (response.ok) return answer;
  const { code = "error", message = `The server answered ${response.status}.`, fields = {} } = answer?.error ?? {};
  throw new ApiError(response.status, code, message, fields);
}

/**
 * Send a request, and return the response with its whole text.
 * @param {string} path
 * @param {RequestInit} request
 * @throws {ApiError} no response came, or it broke off
 * @throws {DOMException} `AbortError` if the signal aborted
 */
async function send(path, request) {
  try {
    const response = await fetch(path, request);
    return { response, text: await response.text() };
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(0, "unreachable", "The Misfit server does not answer. Is it still running?", {});
  }
}

/**
 * A picture that changes while its address stays: asked for anew each time.
 * @param {string} path
 * @returns {Promise<Blob>}
 * @throws {ApiError} there is none
 */
async function image(path) {
  const response = await fetch(path, { cache: "no-cache" }).catch(() => null);
  if (!response?.ok) throw new ApiError(response?.status ?? 0, "no_image", "The image could not be loaded.", {});
  return response.blob();
}

/** @param {string} path @param {{signal?: AbortSignal}} [options] */
const get = (path, options) => call("GET", path, undefined, options);
/** @param {string} path @param {unknown} [body] */
const post = (path, body = {}) => call("POST", path, body);
/** @param {string} path @param {unknown} body @param {{keepalive?: boolean}} [options] */
const patch = (path, body, options) => call("PATCH", path, body, options);
/** @param {string} path */
const remove = (path) => call("DELETE", path);

export const api = { get, post, patch, delete: remove, image };

/** Return whether a request was aborted. @param {unknown} error */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What to tell of an error. @param {unknown} error */
export function errorMessage(error) {
  return error instanceof Error ? error.message : String(error);
}
