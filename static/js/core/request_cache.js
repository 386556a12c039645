/**
 * Cached requests. A `RequestCache` cancels its previous request when a new one starts. All objects share one cache.
 */
import { api } from "./api.js";

const MAX_CACHED = 400;

/** Cached responses by path, the oldest first. @type {Map<string, unknown>} */
const responses = new Map();

/**
 * Pending requests by path. Callers that request the same path share one request.
 * @type {Map<string, SharedRequest>}
 */
const pending = new Map();

/** Request that several callers may wait for. It is aborted when the last caller cancels. */
class SharedRequest {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    this.callers = 0; // number of callers that wait for the response
    this.controller = new AbortController();
    pending.set(path, this);
    /** @type {Promise<any>} */
    this.response = this.#send();
    this.response.catch(() => {}); // `wait` passes the error to the callers
  }

  async #send() {
    try {
      const response = await api.get(this.path, { signal: this.controller.signal });
      if (pending.get(this.path) === this) store(this.path, response);
      return response;
    } finally {
      this.close();
    }
  }

  /** Wait for the response until `cancel` is called. */
  wait() {
    this.callers += 1;
    let cancel = () => {};
    const response = new Promise((resolve, reject) => {
      cancel = () => {
        reject(new DOMException("A newer request replaced this one.", "AbortError"));
        this.#removeCaller();
      };
      this.response.then(resolve, reject);
    });
    response.catch(() => {}); // a caller that canceled may not handle the error
    return { request: this, response, cancel };
  }

  #removeCaller() {
    this.callers -= 1;
    if (this.callers > 0) return;
    this.close();
    this.controller.abort();
  }

  /** Accept no further callers, and prevent the response from being cached. */
  close() {
    if (pending.get(this.path) === this) pending.delete(this.path);
  }
}

export class RequestCache {
  constructor() {
    /** @type {{request: SharedRequest, response: Promise<any>, cancel: () => void} | null} */
    this.pending = null;
  }

  /**
   * Return the cached response, or undefined.
   * @param {string} path
   * @returns {any}
   */
  cached(path) {
    return responses.get(path);
  }

  /**
   * Return the response from the cache or the server, and cancel the previous request of this object.
   * @param {string} path path of data that does not change, such as the predictions of a completed epoch
   * @returns {Promise<any>}
   * @throws {DOMException} if a newer request replaced this one; `isAborted` recognizes this error
   */
  async get(path) {
    const shared = pending.get(path);
    if (shared && this.pending?.request === shared) return this.pending.response;
    this.cancel();
    if (responses.has(path)) return responses.get(path);
    const current = (shared ?? new SharedRequest(path)).wait();
    this.pending = current;
    try {
      return await current.response;
    } finally {
      if (this.pending === current) this.pending = null;
    }
  }

  cancel() {
    this.pending?.cancel();
    this.pending = null;
  }
}

/**
 * Remove outdated responses from the cache. Pending requests for outdated data continue, but their responses are not
 * cached.
 * @param {(path: string) => boolean} isStale
 */
export function invalidate(isStale) {
  for (const path of [...responses.keys()]) if (isStale(path)) responses.delete(path);
  for (const request of [...pending.values()]) if (isStale(request.path)) request.close();
}

/**
 * @param {string} path
 * @param {unknown} response
 */
function store(path, response) {
  responses.delete(path);
  responses.set(path, response);
  for (const oldest of responses.keys()) {
    if (responses.size <= MAX_CACHED) break;
    responses.delete(oldest);
  }
}
