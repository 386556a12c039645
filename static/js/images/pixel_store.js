/** Cache of the pixels of a split. It loads many images with one request. */
import { api } from "../core/api.js";
import { decodeBytes } from "./pixels.js";

const BATCH_SIZE = 200; // images per request

export class PixelStore {
  /** @param {string} dataset @param {"train" | "test"} split @param {import("./pixels.js").Shape} shape */
  constructor(dataset, split, shape) {
    this.url = `/api/datasets/${encodeURIComponent(dataset)}/${split}/pixels`;
    this.shape = shape;
    /** @type {Map<number, Uint8Array>} */
    this.loaded = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.loading = new Map();
  }

  /** Return the pixels of an image, 0 to 255, or undefined if they are not loaded. @param {number} index */
  get(index) {
    return this.loaded.get(index);
  }

  /**
   * Load the pixels of images that are not in the cache.
   * @param {number[]} indices
   * @throws {import("../core/api.js").ApiError} if the server does not return them
   */
  async load(indices) {
    const missing = indices.filter((index) => !this.loaded.has(index) && !this.loading.has(index));
    for (let start = 0; start < missing.length; start += BATCH_SIZE) {
      const batch = missing.slice(start, start + BATCH_SIZE);
      const request = this.#loadBatch(batch).finally(() => {
        for (const index of batch) this.loading.delete(index);
      });
      for (const index of batch) this.loading.set(index, request);
    }
    await Promise.all(indices.map((index) => this.loading.get(index)));
  }

  /** @param {number[]} indices */
  async #loadBatch(indices) {
    const path = `${this.url}?indices=${indices.join(",")}`;
    const buffer = await api.load(path, (response) => response.arrayBuffer(), "The server could not load the images.");
    this.#add(indices, new Uint8Array(buffer));
  }

  /** Store pixels that the page already has. @param {number[]} indices @param {string} base64 bytes of the images */
  receive(indices, base64) {
    this.#add(indices, decodeBytes(base64));
  }

  /** @param {number[]} indices @param {Uint8Array} bytes */
  #add(indices, bytes) {
    const size = this.shape[0] * this.shape[1];
    indices.forEach((index, position) => {
      this.loaded.set(index, bytes.subarray(position * size, (position + 1) * size));
    });
  }
}
