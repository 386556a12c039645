/**
 * Requests of which only the newest counts. Responses about a completed epoch never change: their addresses contain a
 * version, and the browser's HTTP cache stores them (docs/decisions/0030).
 */
import { api } from "./api.js";

const MAX_STORED = 100; // enough for the epochs on both sides of an epoch slider

/** Newest responses by address, the oldest first. Showing one of them again does not even need the HTTP cache. */
const stored = new Map();

/** Version of the responses; empty while it is unknown. */
let version = "";
let changes = 0; // number of changes of the version

/**
 * Set the version of the responses; an empty version makes the next responses come from the server, with their version.
 * @param {string} next
 */
export function setVersion(next) {
  version = next;
  changes += 1;
}

/** Return true for the path of a response about one epoch of a run. @param {string} path */
const isVersioned = (path) => /^\/api\/runs\/.*[?&]epoch=/.test(path);

/** Return the address of a response, with the version if there is one. @param {string} path */
const addressOf = (path) => (version && isVersioned(path) ? `${path}&v=${version}` : path);

export class RequestCache {
  constructor() {
    /** @type {{path: string, asked: number, response: Promise<any>, controller: AbortController} | null} */
    this.pending = null;
  }

  /** Return a response that is among the newest, or undefined. @param {string} path @returns {any} */
  cached(path) {
    return stored.get(addressOf(path));
  }

  /** Store a response that the page already has. @param {string} path @param {unknown} response */
  remember(path, response) {
    const address = addressOf(path);
    stored.delete(address);
    stored.set(address, response);
    if (stored.size > MAX_STORED) stored.delete(stored.keys().next().value);
  }

  /**
   * Return the response, and cancel the previous request of this object.
   * @param {string} path
   * @returns {Promise<any>}
   * @throws {DOMException} if a newer request replaced this one; `isAborted` recognizes this error
   */
  async get(path) {
    // A request from before a change of the version may get an older response.
    if (this.pending?.path === path && this.pending.asked === changes) return this.pending.response;
    this.cancel();
    const known = this.cached(path);
    if (known !== undefined) return known;
    const controller = new AbortController();
    const pending = { path, asked: changes, controller, response: this.#send(path, controller.signal) };
    this.pending = pending;
    try {
      return await pending.response;
    } finally {
      if (this.pending === pending) this.pending = null;
    }
  }

  /** @param {string} path @param {AbortSignal} signal */
  async #send(path, signal) {
    let asked = changes;
    const response = await api.get(addressOf(path), {
      signal,
      onHeaders: (headers) => {
        const received = headers.get("ETag")?.replaceAll('"', "");
        if (!received || !isVersioned(path) || asked !== changes || received === version) return;
        setVersion(received);
        asked = changes;
      },
    });
    signal.throwIfAborted();
    if (asked === changes) this.remember(path, response); // otherwise, the response may be older than a change
    return response;
  }

  cancel() {
    this.pending?.controller.abort();
    this.pending = null;
  }
}

/** Forget outdated responses. @param {(path: string) => boolean} isStale */
export function invalidate(isStale) {
  for (const address of [...stored.keys()]) if (isStale(address.replace(/&v=\w+$/, ""))) stored.delete(address);
}
