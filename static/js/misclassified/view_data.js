/** Responses of the server for one view of the misclassified page. */
import { ApiError, isMissing } from "../core/api.js";
import { PrefetchQueue } from "../core/prefetch.js";
import { RequestCache } from "../core/request_cache.js";
import { historiesUrl, imageUrl, isQueryOf, listUrl, matrixUrl, PAGE_SIZE } from "./view_state.js";

/**
 * @import {ConfusionMatrix, HistoryKind, ListedImage, MisclassifiedList} from "../../../types/api.js"
 * @import {ImageView} from "./view_state.js"
 *
 * @typedef {object} ViewResult
 * @property {ConfusionMatrix} matrix
 * @property {MisclassifiedList} list
 * @property {ListedImage | null} item open image
 * @property {ApiError | null} problem error of the request for the open image or for the pixels of the list
 *
 * Responses for the first view, which the page contains (webapp/web/first_view.py).
 * @typedef {object} FirstResponses
 * @property {Record<string, unknown>} query query of the list
 * @property {number} limit
 * @property {MisclassifiedList} list
 * @property {ConfusionMatrix} matrix
 * @property {ListedImage | null} image
 * @property {{indices: number[], bytes: string}} pixels
 */

export class ViewData {
  /** @param {number} runId @param {import("../images/pixel_store.js").PixelStore} store */
  constructor(runId, store) {
    this.runId = runId;
    this.store = store;
    this.matrices = new RequestCache();
    this.lists = new RequestCache();
    this.images = new RequestCache();
    this.historyCounts = new RequestCache();
    this.ahead = new RequestCache();
    this.prefetchQueue = new PrefetchQueue();
  }

  /**
   * Use the responses that the page contains, if they are the responses for this view.
   * @param {FirstResponses | null} responses
   * @param {number} epoch
   * @param {ImageView} view
   */
  receive(responses, epoch, view) {
    if (!responses) return;
    this.store.receive(responses.pixels.indices, responses.pixels.bytes);
    if (responses.limit !== PAGE_SIZE || !isQueryOf(responses.query, epoch, view)) return;
    this.matrices.remember(matrixUrl(this.runId, epoch), responses.matrix);
    this.lists.remember(listUrl(this.runId, epoch, view), responses.list);
    if (responses.image) this.images.remember(imageUrl(this.runId, epoch, responses.image.index), responses.image);
  }

  /**
   * Request matrix, list and open image together.
   * @param {number} epoch
   * @param {ImageView} view
   * @returns {Promise<ViewResult>}
   * @throws {ApiError}
   * @throws {DOMException} `AbortError` if a later request replaces this one
   */
  async load(epoch, view) {
    this.prefetchQueue.stop();
    const [matrix, { list, pixelProblem }, { item, problem }] = await Promise.all([
      this.matrices.get(matrixUrl(this.runId, epoch)),
      this.#loadList(epoch, view),
      this.#loadImage(epoch, view),
    ]);
    const listed = list.items.find(({ index }) => index === item?.index); // with the evidence of label suspects
    return { matrix, list, item: listed ?? item, problem: problem ?? pixelProblem };
  }

  /**
   * Return the number of images with each learning history, or null if the request fails.
   * @param {number} epoch
   * @returns {Promise<Record<HistoryKind, number> | null>}
   */
  async loadHistoryCounts(epoch) {
    try {
      return (await this.historyCounts.get(historiesUrl(this.runId, epoch))).counts;
    } catch {
      return null; // the request for the list reports the same error
    }
  }

  /**
   * Let the browser load the same view of the neighboring epochs into its cache, the nearest first.
   * @param {number} epoch
   * @param {ImageView} view
   * @param {{last: number, reach: number}} range
   *   `last`: last completed epoch; `reach`: number of epochs to prefetch on either side
   */
  prefetch(epoch, view, { last, reach }) {
    if (view.sort === "change") return; // each prefetch would start a long search on the server
    const neighbors = Array.from({ length: reach }, (_, i) => [epoch + i + 1, epoch - i - 1]).flat();
    const others = neighbors.filter((other) => other >= 1 && other <= last);
    this.prefetchQueue.start(others.map((other) => () => this.#prefetchEpoch(other, view)));
  }

  /** @param {number} epoch @param {ImageView} view */
  async #prefetchEpoch(epoch, view) {
    await this.ahead.get(matrixUrl(this.runId, epoch));
    /** @type {MisclassifiedList} */
    const list = await this.ahead.get(listUrl(this.runId, epoch, view));
    await this.#loadPixels(list);
    if (view.image === null || list.items.some(({ index }) => index === view.image)) return;
    await this.ahead.get(imageUrl(this.runId, epoch, view.image));
  }

  /**
   * Load a list and the pixels of its images. Without the pixels, the list is still useful.
   * @param {number} epoch
   * @param {ImageView} view
   * @returns {Promise<{list: MisclassifiedList, pixelProblem: ApiError | null}>}
   */
  async #loadList(epoch, view) {
    const list = await this.lists.get(listUrl(this.runId, epoch, view));
    try {
      await this.#loadPixels(list);
    } catch (error) {
      if (error instanceof ApiError) return { list, pixelProblem: error };
      throw error;
    }
    return { list, pixelProblem: null };
  }

  /** Load the pixels of all images of a list. @param {MisclassifiedList} list */
  async #loadPixels(list) {
    await this.store.load(list.items.map(({ index }) => index));
  }

  /**
   * Return the open image from the list, or request it.
   * @param {number} epoch
   * @param {ImageView} view
   * @returns {Promise<{item: ListedImage | null, problem: ApiError | null}>}
   */
  async #loadImage(epoch, view) {
    if (view.image === null) {
      this.images.cancel();
      return { item: null, problem: null };
    }
    /** @type {MisclassifiedList | undefined} */
    const list = this.lists.cached(listUrl(this.runId, epoch, view));
    const listed = list?.items.find(({ index }) => index === view.image);
    if (listed) return { item: listed, problem: null };
    try {
      return { item: await this.images.get(imageUrl(this.runId, epoch, view.image)), problem: null };
    } catch (error) {
      if (isMissing(error)) return { item: null, problem: error };
      throw error;
    }
  }
}
