/**
 * Loader of the section for the open image. It loads the scripts and styles of the section when they are first needed,
 * or earlier if the page is idle.
 */
import { byId } from "../core/dom.js";
import { loadStyles } from "../ui/lazy_styles.js";

/** @import {ListedImage} from "../../../types/api.js" */
/** @import {DetailListener, DetailOptions, DetailView, ImageDetail} from "./image_detail.js" */

export class DetailLoader {
  /**
   * @param {DetailOptions & DetailListener & {onFirst: () => void}} options
   *   `onFirst`: called when an image opens and no image was open
   */
  constructor(options) {
    this.options = options;
    this.panel = byId("detail");
    /** @type {ImageDetail | null} */
    this.detail = null;
    /** @type {Promise<void> | null} */
    this.loading = null;
    /**
     * Number of the latest call of `show` or `hide`. A call of `show` that waits for the scripts ends without effect if
     * this number has changed meanwhile.
     */
    this.turn = 0;
  }

  /** Load scripts and styles once. */
  load() {
    this.loading ??= this.#load();
    return this.loading;
  }

  /**
   * Show an image.
   * @param {ListedImage} item
   * @param {string} position description of its position in the list
   * @param {DetailView} view
   */
  async show(item, position, view) {
    this.turn += 1;
    const { turn } = this;
    if (!this.detail) await this.load();
    if (turn !== this.turn) return;
    this.detail?.update(item, position, view);
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.options.onFirst();
  }

  /** Close the image. */
  hide() {
    this.turn += 1;
    this.panel.hidden = true;
  }

  async #load() {
    const [{ ImageDetail }] = await Promise.all([import("./image_detail.js"), loadStyles("detail")]);
    this.detail = new ImageDetail(this.panel, this.options);
  }
}
