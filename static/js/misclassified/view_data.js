/** Everything that one view of the misclassified page consists of, asked for at once and answered together. */

import { ApiError } from "../core/api.js";
import { PrefetchQueue } from "../core/prefetch.js";
import { RequestCache } from "../core/request_cache.js";
import { historiesAddress, imageAddress, listAddress, matrixAddress } from "./view_state.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("../../../types/messages.js").MistakeList} MistakeList
 * @typedef {import("../../../types/messages.js").ConfusionMatrix} ConfusionMatrix
 * @typedef {import("./view_state.js").MistakesView} MistakesView
 *
 * @typedef {object} Answers
 * @property {ConfusionMatrix} matrix
 * @property {MistakeList} list
 * @property {Mistake | null} item the image that is to be shown large
 * @property {ApiError | null} problem why there is no such image
 */

export class ViewData {
  /**
   * @param {number} runId
   * @param {import("../images/pixel_store.js").PixelStore} store
   */
  constructor(runId, store) {
    this.runId = runId;
    this.store = store;
    this.matrices = new RequestCache();
    this.lists = new RequestCache();
    this.images = new RequestCache();
    this.kinds = new RequestCache();
    this.ahead = new PrefetchQueue();
  }

  /**
   * @param {number} epoch
   * @param {MistakesView} view
   * @returns {Promise<Answers>}
   * @throws {ApiError}
   * @throws {DOMException} `AbortError` when something else was asked meanwhile
   */
  async ask(epoch, view) {
    const parts = [
      this.matrices.get(matrixAddress(this.runId, epoch)),
      this.lists.get(listAddress(this.runId, epoch, view)).then((list) => this.#withPixels(list)),
      this.#image(epoch, view),
    ];
    this.ahead.stop(); // what it was just asking for and is wanted now goes on
    const [matrix, list, { item, problem }] = await Promise.all(parts);
    return { matrix, list, item, problem };
  }

  /**
   * How many images were learned when, or null where it cannot be had.
   * @param {number} epoch
   * @returns {Promise<Record<import("../../../types/messages.js").HistoryKind, number> | null>}
   */
  async histories(epoch) {
    try {
      return (await this.kinds.get(historiesAddress(this.runId, epoch))).counts;
    } catch {
      return null; // the list tells what is wrong
    }
  }

  /**
   * Have the same view of the epochs around in advance, the nearest first.
   * @param {number} epoch
   * @param {MistakesView} view
   * @param {{last: number, reach: number}} range the last epoch that there is, and how many on either side to have
   */
  prepare(epoch, view, { last, reach }) {
    if (view.sort === "change") return; // which takes the server seconds
    const steps = Array.from({ length: reach }, (_, by) => [epoch + by + 1, epoch - by - 1]).flat();
    const others = steps.filter((other) => other >= 1 && other <= last);
    this.ahead.start(others.map((other) => (asking) => this.#have(other, view, asking)));
  }

  /**
   * @param {number} epoch
   * @param {MistakesView} view
   * @param {RequestCache} asking
   */
  async #have(epoch, view, asking) {
    await asking.get(matrixAddress(this.runId, epoch));
    /** @type {MistakeList} */
    const list = await asking.get(listAddress(this.runId, epoch, view));
    await this.#withPixels(list);
    if (view.image === null || list.items.some(({ index }) => index === view.image)) return;
    await asking.get(imageAddress(this.runId, epoch, view.image));
  }

  /** The same list, once its pictures can be drawn. @param {MistakeList} list */
  async #withPixels(list) {
    try {
      await this.store.load(list.items.map(({ index }) => index));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return list;
  }

  /**
   * @param {number} epoch
   * @param {MistakesView} view
   * @returns {Promise<{item: Mistake | null, problem: ApiError | null}>}
   */
  async #image(epoch, view) {
    if (view.image === null) {
      this.images.cancel();
      return { item: null, problem: null };
    }
    /** @type {MistakeList | undefined} */
    const list = this.lists.known(listAddress(this.runId, epoch, view));
    const listed = list?.items.find(({ index }) => index === view.image);
    if (listed) return { item: listed, problem: null };
    try {
      return { item: await this.images.get(imageAddress(this.runId, epoch, view.image)), problem: null };
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return { item: null, problem: error };
      throw error;
    }
  }
}
