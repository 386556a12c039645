/** Requests for the examination of a configuration before its first step. A newer request aborts the one before it. */

/** @import {Hyperparameters, Preflight} from "../../../types/api.js" */

import { ApiError, api, isAborted } from "../core/api.js";

/** @typedef {{preset?: string, hyperparameters: Hyperparameters}} Configuration */

export class PreflightRequests {
  /** @param {(values: Configuration, signal: AbortSignal) => Promise<Preflight>} [request] */
  constructor(request = (values, signal) => api.post("/api/preflight", values, { signal })) {
    this.request = request;
    /** JSON of the configuration of the last request, or "" if the next request must be sent. */
    this.key = "";
    /** Latest result, or null if there is none. @type {Preflight | null} */
    this.result = null;
    this.controller = new AbortController();
  }

  /**
   * Examine a configuration, and return true if `result` has changed. The earlier result remains until then. Without a
   * configuration, or for one that cannot be examined, the result is null.
   * @param {Configuration | null} values
   */
  async examine(values) {
    const key = values ? JSON.stringify(values) : "";
    if (key && key === this.key) return false;
    this.controller.abort();
    const controller = new AbortController();
    this.controller = controller;
    this.key = key;
    /** @type {Preflight | null} */
    let result = null;
    try {
      if (values) result = await this.request(values, controller.signal);
    } catch (error) {
      if (isAborted(error)) return false;
      if (!(error instanceof ApiError)) throw error;
      if (controller === this.controller) this.key = ""; // the next call sends the request again
    }
    if (controller !== this.controller) return false;
    this.result = result;
    return true;
  }
}
