/** Prediction requests for edited images. Only one request runs at a time. Meanwhile, only the newest edit waits. */
import { api } from "../core/api.js";
import { describeChangeSize } from "../core/signed_numbers.js";
import { encodeBase64 } from "../images/pixels.js";
import { isNeutral } from "./transform_sliders.js";

/**
 * @import {ImageTransform, ProbeResponse} from "../../../types/api.js"
 * @typedef {{body: object, onResult: (result: ProbeResponse, isLatest: boolean) => void}} Edit
 *   `isLatest`: true if no newer edit waits
 */

export class WhatIfRequests {
  /** @param {string} address @param {(error: unknown) => void} onError */
  constructor(address, onError) {
    this.address = address;
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
        edit.onResult(result, this.waiting === null);
      } catch (error) {
        if (this.current !== edit) return;
        this.onError(error);
      }
    }
    this.current = null;
  }
}

/**
 * Return the body of the request for an edit. It contains only what differs from the stored image.
 * @param {{index: number, epoch: number}} image
 * @param {Uint8Array | null} pixels null if nothing was painted
 * @param {ImageTransform} transform
 */
export function editBody({ index, epoch }, pixels, transform) {
  return { index, epoch, ...(pixels && { pixels: encodeBase64(pixels) }), ...(!isNeutral(transform) && transform) };
}

/**
 * Describe how much an image was changed, or the marks in the bars if it was not changed.
 * @param {Uint8Array} pixels
 * @param {Uint8Array} original
 */
export function describeChange(pixels, original) {
  const squaredSize = pixels.reduce((sum, pixel, index) => sum + ((pixel - original[index]) / 255) ** 2, 0);
  if (squaredSize === 0) return "The thin line in each bar marks the output for the original image.";
  return `Size of the change: ${describeChangeSize(Math.sqrt(squaredSize))}.`;
}
