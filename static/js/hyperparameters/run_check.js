/** Validation of the form's values on the server, with an estimate of what a run would need. */

/** @import {HyperparameterCheck, Hyperparameters} from "../../../types/api.js" */

import { api } from "../core/api.js";

/** @typedef {{preset?: string, hyperparameters: Hyperparameters}} RunValues */

export class RunCheck {
  /** @param {(values: RunValues) => Promise<HyperparameterCheck>} [request] */
  constructor(request = (values) => api.post("/api/hyperparameters/check", values)) {
    this.request = request;
    this.key = "";
    /** Result for the values of the last call, or null while it is unknown. @type {HyperparameterCheck | null} */
    this.result = null;
    /** @type {Promise<HyperparameterCheck> | null} */
    this.pending = null;
  }

  /**
   * Check values. A call with the values of the last call sends no further request.
   * @param {RunValues} values
   * @returns {Promise<HyperparameterCheck>}
   * @throws {import("../core/api.js").ApiError} if the request fails
   */
  async check(values) {
    const key = JSON.stringify(values);
    if (key === this.key && this.pending) return this.pending;
    this.key = key;
    this.result = null;
    const pending = this.request(values);
    this.pending = pending;
    try {
      const result = await pending;
      if (this.pending === pending) this.result = result;
      return result;
    } catch (error) {
      if (this.pending === pending) this.pending = null;
      throw error;
    }
  }

  /** Return the known result for some values, or null. @param {RunValues} values */
  resultFor(values) {
    return JSON.stringify(values) === this.key ? this.result : null;
  }
}
