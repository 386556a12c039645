/**
 * Requests of which only the newest counts. The browser's HTTP cache keeps the answers: what the server says about a
 * completed epoch never changes, so the address of such an answer contains the version of the answers, and the browser
 * asks for this address only once (docs/decisions/0029).
 */
import { api } from "./api.js";

const MAX_KEPT = 100; // enough for the epochs on both sides of an epoch slider

/** Newest answers by address, the oldest first. A page that shows one of them again needs no trip to the browser's cache. */
const kept = new Map();

/** Version of the answers; empty while it is unknown. */
let version = "";
let changes = 0; // number of changes of the version

/**
 * Set the version of the answers; an empty version makes the next answers come from the server, with their version.
 * @param {string} next
 */
export function setVersion(next) {
  version = next;
  changes += 1;
}

/** Return true for the path of an answer about one epoch of a run. @param {string} path */
const isVersioned = (path) => /^\/api\/runs\/.*[?&]epoch=/.test(path);

/** Return the address of an answer, with the version if there is one. @param {string} path */
const addressOf = (path) => (version && isVersioned(path) ? `${path}&v=${version}` : path);

export class RequestCache {
  constructor() {
    /** @type {{path: string, response: Promise<any>, controller: AbortController} | null} */
    this.pending = null;
  }

  /**
   * Return an answer that is among the newest, or undefined.
   * @param {string} path
   * @returns {any}
   */
  cached(path) {
    return kept.get(addressOf(path));
  }

  /**
   * Keep an answer that the page already has.
   * @param {string} path
   * @param {unknown} response
   */
  remember(path, response) {
    const address = addressOf(path);
    kept.delete(address);
    kept.set(address, response);
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value);
  }

  /**
   * Return the answer, and cancel the previous request of this object.
   * @param {string} path
   * @returns {Promise<any>}
   * @throws {DOMException} if a newer request replaced this one; `isAborted` recognizes this error
   */
  async get(path) {
    if (this.pending?.path === path) return this.pending.response;
    this.cancel();
    const known = this.cached(path);
    if (known !== undefined) return known;
    const controller = new AbortController();
    const pending = { path, controller, response: this.#send(path, controller.signal) };
    this.pending = pending;
    try {
      return await pending.response;
    } finally {
      if (this.pending === pending) this.pending = null;
    }
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   */
  async #send(path, signal) {
    let asked = changes;
    const response = await api.get(addressOf(path), {
      signal,
      onHeaders: (headers) => {
        const answered = headers.get("ETag")?.replaceAll('"', "");
        if (!answered || !isVersioned(path) || asked !== changes || answered === version) return;
        setVersion(answered);
        asked = changes;
      },
    });
    signal.throwIfAborted();
    if (asked === changes) this.remember(path, response); // otherwise, the answer may be older than a change
    return response;
  }

  cancel() {
    this.pending?.controller.abort();
    this.pending = null;
  }
}

/** Forget outdated answers. @param {(path: string) => boolean} isStale */
export function invalidate(isStale) {
  for (const address of [...kept.keys()]) if (isStale(address.replace(/&v=\w+$/, ""))) kept.delete(address);
}
