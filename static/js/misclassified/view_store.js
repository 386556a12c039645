/**
 * Store of the misclassified page: the view in the URL, and the responses for it. Sections subscribe to the store and
 * draw what it contains.
 */

import { isAborted } from "../core/api.js";
import { nextFrame, wait } from "../core/timing.js";
import { UrlState } from "../core/url_state.js";
import { clampOffset } from "../ui/pagination.js";
import { sortAfter } from "./filter_values.js";
import { CODECS, NO_FILTER, PAGE_SIZE, withKnownClasses } from "./view_state.js";

/**
 * @import {ListedImage, Run} from "../../../types/api.js"
 * @import {ImageView} from "./view_state.js"
 *
 * Responses of the server, with the view and the epoch that they belong to.
 * @typedef {import("./view_data.js").ViewResult & {view: ImageView, epoch: number}} ShownView
 *
 * "view": the URL or the run changed; "data": responses arrived, or annotations of their images changed.
 * @typedef {"view" | "data"} Change
 */

const MAX_STEP_WAIT = 150; // ms that a step to another epoch waits for the previous step

export class ViewStore {
  /**
   * @param {{run: Run, series: import("../realtime/epoch_series.js").EpochSeries, classNames: string[]}} run
   * @param {import("./view_data.js").ViewData} data
   */
  constructor({ run, series, classNames }, data) {
    this.run = run;
    this.series = series;
    this.classNames = classNames;
    this.data = data;
    /** @type {UrlState<ImageView>} */
    this.state = new UrlState(CODECS, () => this.load());
    /** Responses on display; they stay on display until the responses for a new view arrive. @type {ShownView | null} */
    this.shown = null;
    /** Error of the newest request. @type {unknown} */
    this.problem = null;
    this.busy = false;
    /** Number of the newest view. */
    this.turn = 0;
    /** Number of the newest view whose responses were requested; responses for earlier views are ignored. */
    this.started = 0;
    /** Newest view. @type {ImageView | null} */
    this.asked = null;
    /** Resolved when the responses for the newest view are visible. @type {Promise<void>} */
    this.visible = Promise.resolve();
    /** Sizes of the smallest changes that a person has searched for, by epoch and image. @type {Map<string, number>} */
    this.sizes = new Map();
    /** View before guess mode. @type {Partial<ImageView>} */
    this.beforeGuessing = {};
    /** @type {{change: Change, listener: () => void}[]} */
    this.subscribers = [];
  }

  /** View in the URL, except filters by a true or predicted class that the data set does not have. */
  get view() {
    return withKnownClasses(this.state.values, this.classNames.length);
  }

  /** Number of completed epochs. */
  get completed() {
    return this.series.epochs.length;
  }

  /** Epoch on display: the epoch in the URL if it is complete, otherwise the latest complete epoch. */
  get epoch() {
    return Math.min(this.view.epoch ?? this.completed, this.completed);
  }

  /** Position of the open image on the current page of the list, or −1. */
  get openPosition() {
    const { image } = this.view;
    return image === null ? -1 : this.items.findIndex(({ index }) => index === image);
  }

  /** Images on the current page of the list. */
  get items() {
    return this.shown?.list.items ?? [];
  }

  /** Number of images on all pages of the list. */
  get total() {
    return this.shown?.list.total ?? 0;
  }

  /** Call `listener` after each change of this kind. @param {Change} change @param {() => void} listener */
  subscribe(change, listener) {
    this.subscribers.push({ change, listener });
  }

  /** @param {Change} change */
  notify(change) {
    for (const subscriber of this.subscribers) if (subscriber.change === change) subscriber.listener();
  }

  /**
   * Show the size of the smallest change of an image, which a list contains only if it is sorted by it.
   * @param {number} index
   * @param {number} epoch
   * @param {number} size
   */
  rememberSize(index, epoch, size) {
    this.sizes.set(`${epoch}/${index}`, size);
    this.#addSizes();
    this.notify("data");
  }

  /** Add the known sizes to the images on display. */
  #addSizes() {
    if (!this.shown) return;
    const { list, item, epoch } = this.shown;
    for (const image of item ? [...list.items, item] : list.items) {
      const size = this.sizes.get(`${epoch}/${image.index}`);
      if (size !== undefined) image.change ??= size;
    }
  }

  /** @param {Partial<ImageView>} change @param {{kind?: string, replace?: boolean}} [options] */
  navigate(change, options) {
    this.state.navigate(change, options);
  }

  /** Apply filters, and go to the first page. @param {Partial<ImageView>} change */
  filter(change) {
    this.navigate({ ...change, ...sortAfter(change, this.view), offset: 0, image: null });
  }

  /**
   * Start or leave guess mode. It lists all images, the least confident first; the view before it returns afterwards.
   * @param {boolean} guess
   * @returns {Promise<ListedImage | undefined>} image to open
   */
  async setGuessMode(guess) {
    if (!guess) {
      this.navigate({ ...this.beforeGuessing, guess });
      return;
    }
    this.beforeGuessing = this.view;
    const order = /** @type {const} */ ({ sort: "confidence", order: "asc", offset: 0, image: null });
    this.navigate({ ...NO_FILTER, ...order, answer: "any", guess });
    await this.load();
    return this.view.guess ? this.items[0] : undefined;
  }

  /** Return the URL that opens an image. @param {number} image */
  urlOf(image) {
    return this.state.urlFor({ ...this.view, image });
  }

  /**
   * Load the responses for the view. Subscribers draw the view at once, and the responses when all have arrived. In a
   * quick series of steps to other epochs, each step waits until the previous one is visible, but not for long.
   */
  async load() {
    this.turn += 1;
    const { turn, epoch, view } = this;
    const previous = isOtherEpoch(view, this.asked) ? this.visible : null;
    this.asked = view;
    this.busy = this.completed > 0;
    this.notify("view");
    if (!this.busy) return;
    const loaded = this.#load({ turn, epoch, view }, previous);
    this.visible = loaded.then(nextFrame);
    await loaded;
  }

  /**
   * @param {{turn: number, epoch: number, view: ImageView}} asked
   * @param {Promise<void> | null} previous resolved when the previous step is visible
   */
  async #load({ turn, epoch, view }, previous) {
    if (previous) await Promise.race([previous, wait(MAX_STEP_WAIT)]);
    if (turn < this.started) return;
    this.started = turn;
    try {
      const result = await this.data.load(epoch, view);
      if (turn !== this.started) return;
      const offset = clampOffset({ offset: view.offset, limit: PAGE_SIZE, total: result.list.total });
      if (offset !== view.offset && turn === this.turn) return this.navigate({ offset }, { replace: true });
      this.shown = { ...result, view, epoch };
      this.#addSizes();
      this.problem = result.problem;
    } catch (error) {
      if (isAborted(error) || turn !== this.started) return;
      this.problem = error;
    }
    this.busy = turn !== this.turn;
    this.notify("data");
  }
}

/** Return true if two views differ only in their epoch. @param {ImageView} view @param {ImageView | null} other */
function isOtherEpoch(view, other) {
  const names = /** @type {(keyof ImageView)[]} */ (Object.keys(view));
  return names.every((name) => (name === "epoch") !== (view[name] === other?.[name]));
}
