/** Moving from image to image, large or as tiles, across the borders of pages. */
import { byId, setAttribute } from "../core/dom.js";
import { isAborted, RequestCache } from "../core/request_cache.js";
import { isFiltered, listAddress, NO_FILTER, PAGE_SIZE } from "./view_state.js";

/**
 * What this needs of the page.
 * @typedef {object} Steppable
 * @property {import("../../../types/messages.js").Run} run
 * @property {import("./view_state.js").MistakesView} view
 * @property {number} epoch
 * @property {{total: number, items: import("../../../types/messages.js").Mistake[]}} list
 * @property {import("../core/url_state.js").AddressState<import("./view_state.js").MistakesView>} state
 * @property {import("./image_grid.js").ImageGrid} grid
 * @property {() => Promise<void>} show
 * @property {(change: Partial<import("./view_state.js").MistakesView>) => void} filter
 */

export class ImageNavigation {
  /** @param {Steppable} page */
  constructor(page) {
    this.page = page;
    /** Apart from the page's own asking: a page that is drawn anew meanwhile is not to cancel a step. */
    this.lists = new RequestCache();
    /** Where in the whole list the last image stood that was in it. */
    this.rank = 0;
    this.moving = false;
    this.takeFocus = false;
    byId("previous-image").addEventListener("click", () => this.step(-1));
    byId("next-image").addEventListener("click", () => this.step(1));
    byId("close-image").addEventListener("click", () => this.close());
  }

  /** @param {import("../../../types/messages.js").Mistake} item */
  open(item) {
    this.takeFocus = true;
    this.page.state.go({ image: item.index });
  }

  /**
   * Mark where there is no other image to go to.
   * @param {number} place of the large image on its page of the list, −1 where it is not there
   */
  mark(place) {
    const { view, list } = this.page;
    const rank = view.offset + place;
    const last = place < 0 ? list.total === 0 : rank + 1 === list.total;
    setAttribute(byId("previous-image"), "aria-disabled", String(place < 0 ? last : rank === 0));
    setAttribute(byId("next-image"), "aria-disabled", String(last));
  }

  /** Bring the detail into sight; a person who opened it also gets the focus there. */
  reveal() {
    const { top, bottom } = byId("reading").getBoundingClientRect();
    const hiddenAbove = top < Math.max(0, byId("epochs").getBoundingClientRect().bottom);
    if (hiddenAbove || bottom > window.innerHeight) byId("reading").scrollIntoView({ block: "start" });
    if (this.takeFocus) byId("detail").focus({ preventScroll: true });
    this.takeFocus = false;
  }

  /** Let go of the selection, or else close the image, or else clear the filters. @returns {void | false} */
  back() {
    const { view, grid } = this.page;
    if (grid.selection.size) {
      grid.selection.clear();
    } else if (view.image !== null) {
      this.close();
    } else if (isFiltered(view)) {
      this.page.filter(NO_FILTER);
    } else {
      return false;
    }
  }

  close() {
    const { view, grid, list, state } = this.page;
    const place = list.items.findIndex((item) => item.index === view.image);
    state.go({ image: null });
    grid.focus(place < 0 ? grid.stop : place);
  }

  /**
   * A row of tiles up or down; only among the tiles, elsewhere these keys scroll.
   * @param {number} by
   * @returns {void | false}
   */
  row(by) {
    const { grid, view } = this.page;
    if (view.image !== null || grid.focused < 0) return false;
    const place = grid.focused + by * grid.columns;
    if (place < 0 || place >= grid.tiles.length) return false;
    grid.focus(place);
  }

  /**
   * The next image or the one before, large if one is large.
   * @param {number} by 1 or -1
   */
  async step(by) {
    const { view, list, grid } = this.page;
    if (this.moving || list.total === 0) return;
    const large = view.image !== null;
    const place = large ? list.items.findIndex((item) => item.index === view.image) : grid.focused;
    if (place >= 0) this.rank = view.offset + place;
    // An image that is not in the list left a gap: the one after it has moved up into its place.
    const rank = place < 0 ? this.#insidePage(by > 0 ? this.rank : this.rank - 1) : this.rank + by;
    if (rank < 0 || rank >= list.total) return;
    this.moving = true;
    try {
      await this.#go(rank, large);
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.moving = false;
    }
  }

  /** @param {number} rank */
  #insidePage(rank) {
    const { view, list } = this.page;
    return Math.min(Math.max(rank, view.offset), view.offset + list.items.length - 1);
  }

  /**
   * @param {number} rank
   * @param {boolean} large
   */
  async #go(rank, large) {
    const { run, view, epoch, state, grid } = this.page;
    const offset = Math.floor(rank / PAGE_SIZE) * PAGE_SIZE;
    const list =
      offset === view.offset ? this.page.list : await this.lists.get(listAddress(run.id, epoch, { ...view, offset }));
    const item = list.items[rank - offset];
    if (!item) return;
    this.rank = rank;
    if (large) {
      state.go({ offset, image: item.index }, { replace: true });
    } else {
      if (offset !== view.offset) state.go({ offset });
      await this.page.show();
      grid.focus(rank - offset);
    }
  }
}
