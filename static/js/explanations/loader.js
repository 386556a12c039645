/**
 * The image that is shown large. Its scripts and styles, which explain the answer, are loaded when an image is opened, or
 * before that, when the browser has nothing else to do.
 */
import { byId } from "../core/dom.js";
import { loadStyles } from "../core/lazy_styles.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("./image_detail.js").ImageDetail} ImageDetail
 * @typedef {import("./image_detail.js").DetailOptions} DetailOptions
 * @typedef {import("./image_detail.js").DetailView} DetailView
 */

export class DetailLoader {
  /**
   * @param {DetailOptions} options
   * @param {{
   *   onTab: (tab: NonNullable<DetailView["tab"]>) => void,
   *   onEpoch: (epoch: number) => void,
   *   onFirst: () => void,
   * }} listener `onFirst`: an image is shown where none was
   */
  constructor(options, listener) {
    this.options = options;
    this.listener = listener;
    this.panel = byId("detail");
    /** @type {ImageDetail | null} */
    this.detail = null;
    /** @type {Promise<void> | null} */
    this.loading = null;
    /** Counts what was to be shown: only the last is. */
    this.turn = 0;
  }

  /** Have what it takes. */
  load() {
    this.loading ??= this.#load();
    return this.loading;
  }

  /**
   * @param {Mistake} item
   * @param {string} place where it stands in the list, in words
   * @param {DetailView} view
   */
  async show(item, place, view) {
    this.turn += 1;
    const { turn } = this;
    if (!this.detail) await this.load();
    if (turn !== this.turn) return;
    this.detail?.update(item, place, view);
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.listener.onFirst();
  }

  hide() {
    this.turn += 1;
    this.panel.hidden = true;
  }

  async #load() {
    const [{ ImageDetail }] = await Promise.all([import("./image_detail.js"), loadStyles("detail")]);
    this.detail = new ImageDetail(this.panel, this.options);
    this.detail.onTab = this.listener.onTab;
    this.detail.onEpoch = this.listener.onEpoch;
  }
}
