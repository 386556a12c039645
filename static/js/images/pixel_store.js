/** The pixels of the images of one split, fetched many at a time and kept, so that a picture is drawn at once. */
import { ApiError } from "../core/api.js";

const AT_ONCE = 200; // images in one request

export class PixelStore {
  /**
   * @param {string} dataset
   * @param {"train" | "test"} split
   * @param {import("./pixels.js").Shape} shape
   */
  constructor(dataset, split, shape) {
    this.address = `/api/datasets/${encodeURIComponent(dataset)}/${split}/pixels`;
    this.shape = shape;
    /** @type {Map<number, Uint8Array>} */
    this.known = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.coming = new Map();
  }

  /**
   * The pixels of an image, 0 to 255, once they are there.
   * @param {number} index
   */
  get(index) {
    return this.known.get(index);
  }

  /**
   * Have the pixels of these images; those that are known already cost nothing.
   * @param {number[]} indices
   * @throws {ApiError} the server does not have them
   */
  async load(indices) {
    const missing = indices.filter((index) => !this.known.has(index) && !this.coming.has(index));
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      const part = missing.slice(start, start + AT_ONCE);
      const arrival = this.#fetch(part).finally(() => {
        for (const index of part) this.coming.delete(index);
      });
      for (const index of part) this.coming.set(index, arrival);
    }
    await Promise.all(indices.map((index) => this.coming.get(index)));
  }

  /** @param {number[]} indices */
  async #fetch(indices) {
    const response = await fetch(`${this.address}?indices=${indices.join(",")}`);
    if (!response.ok) throw new ApiError(response.status, "no_pixels", "The images cannot be had.", {});
    const bytes = new Uint8Array(await response.arrayBuffer());
    const size = this.shape[0] * this.shape[1];
    indices.forEach((index, place) => {
      this.known.set(index, bytes.subarray(place * size, (place + 1) * size));
    });
  }
}
