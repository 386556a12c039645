/** Prediction requests for edited images. Only one request runs at a time. Meanwhile, only the newest edit waits. */
import { api } from "../core/api.js";

/**
 * @template Edit
 * @typedef {object} ProbeListener
 * @property {(result: import("../../../types/api.js").ProbeResponse, edit: Edit, isLatest: boolean) => void} onResult
 *   `isLatest`: true if no newer edit waits
 * @property {(error: unknown) => void} onError
 */

/** @template {{body: object}} Edit */
export class WhatIfRequests {
  /**
   * @param {string} address
   * @param {ProbeListener<Edit>} listener
   */
  constructor(address, { onResult, onError }) {
    this.address = address;
    this.onResult = onResult;
    this.onError = onError;
    /** @type {Edit | null} */
    this.waiting = null;
    /** @type {Edit | null} */
    this.current = null;
  }

  /** Request a prediction for an edit. It replaces any edit that still waits. @param {Edit} edit */
  send(edit) {
    this.waiting = edit;
    if (!this.current) this.#sendAll();
  }

  /** Drop the waiting edit, and ignore the response for the current one. */
  cancel() {
    this.waiting = null;
    this.current = null;
  }

  async #sendAll() {
    while (this.waiting) {
      const edit = this.waiting;
      this.waiting = null;
      this.current = edit;
      try {
        const result = await api.post(this.address, edit.body);
        if (this.current !== edit) return;
        this.onResult(result, edit, this.waiting === null);
      } catch (error) {
        if (this.current !== edit) return;
        this.onError(error);
      }
    }
    this.current = null;
  }
}
