/** Navigation between images, open or as tiles, across the pages of the list. */
import { isAborted } from "../core/api.js";
import { byId, setAttribute } from "../core/dom.js";
import { RequestCache } from "../core/request_cache.js";
import { isFiltered, listAddress, NO_FILTER, PAGE_SIZE } from "./view_state.js";

/**
 * The members of the page that the navigation uses.
 * @typedef {object} Steppable
 * @property {import("../../../types/api.js").Run} run
 * @property {import("./view_state.js").ImageView} view
 * @property {number} epoch
 * @property {{total: number, items: import("../../../types/api.js").Mistake[]}} list
 * @property {import("../core/url_state.js").UrlState<import("./view_state.js").ImageView>} state
 * @property {import("./image_grid.js").ImageGrid} grid
 * @property {() => Promise<void>} show
 * @property {(change: Partial<import("./view_state.js").ImageView>) => void} filter
 */

export class ImageNavigation {
  /** @param {Steppable} page */
  constructor(page) {
    this.page = page;
    /** Separate from the page's requests, so that a redraw of the page does not cancel a step. */
    this.lists = new RequestCache();
    /** Position in the whole list of the last open image that was in it. */
    this.rank = 0;
    this.moving = false;
    this.takeFocus = false;
    byId("previous-image").addEventListener("click", () => this.step(-1));
    byId("next-image").addEventListener("click", () => this.step(1));
    byId("close-image").addEventListener("click", () => this.close());
  }

  /** @param {import("../../../types/api.js").Mistake} item */
  open(item) {
    this.takeFocus = true;
    this.page.state.navigate({ image: item.index });
  }

  /**
   * Disable the buttons that lead to no other image.
   * @param {number} position of the open image on its page of the list, −1 if it is not there
   */
  disableEnds(position) {
    const { view, list } = this.page;
    const { isFirst, isLast } = findEnds({ position, offset: view.offset, total: list.total });
    setAttribute(byId("previous-image"), "aria-disabled", String(isFirst));
    setAttribute(byId("next-image"), "aria-disabled", String(isLast));
  }

  /** Scroll the open image into view, and focus it if a person opened it. */
  reveal() {
    const { top, bottom } = byId("open-image").getBoundingClientRect();
    const hiddenAbove = top < Math.max(0, byId("epochs").getBoundingClientRect().bottom);
    if (hiddenAbove || bottom > window.innerHeight) byId("open-image").scrollIntoView({ block: "start" });
    if (this.takeFocus) byId("detail").focus({ preventScroll: true });
    this.takeFocus = false;
  }

  /** Clear the selection, otherwise close the image, otherwise clear the filters. @returns {void | false} */
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
    const position = list.items.findIndex((item) => item.index === view.image);
    state.navigate({ image: null });
    grid.focus(position < 0 ? grid.stop : position);
  }

  /**
   * Move the focus up or down by rows of tiles; do nothing elsewhere, where these keys scroll.
   * @param {number} by
   * @returns {void | false}
   */
  moveRows(by) {
    const { grid, view } = this.page;
    if (view.image !== null || grid.focused < 0) return false;
    const position = grid.focused + by * grid.columns;
    if (position < 0 || position >= grid.tiles.length) return false;
    grid.focus(position);
  }

  /**
   * Go to the next or the previous image; open it if an image is open.
   * @param {number} by 1 or -1
   */
  async step(by) {
    const { view, list, grid } = this.page;
    if (this.moving || list.total === 0) return;
    const isOpen = view.image !== null;
    const position = isOpen ? list.items.findIndex((item) => item.index === view.image) : grid.focused;
    if (position >= 0) this.rank = view.offset + position;
    // An open image that has left the list leaves a gap: the next image has moved up to its position.
    const rank = position < 0 ? this.#clampToPage(by > 0 ? this.rank : this.rank - 1) : this.rank + by;
    if (rank < 0 || rank >= list.total) return;
    this.moving = true;
    try {
      await this.#goTo(rank, isOpen);
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.moving = false;
    }
  }

  /** @param {number} rank */
  #clampToPage(rank) {
    const { view, list } = this.page;
    return Math.min(Math.max(rank, view.offset), view.offset + list.items.length - 1);
  }

  /**
   * @param {number} rank
   * @param {boolean} isOpen whether to open the image
   */
  async #goTo(rank, isOpen) {
    const { run, view, epoch, state, grid } = this.page;
    const offset = Math.floor(rank / PAGE_SIZE) * PAGE_SIZE;
    const list =
      offset === view.offset ? this.page.list : await this.lists.get(listAddress(run.id, epoch, { ...view, offset }));
    const item = list.items[rank - offset];
    if (!item) return;
    this.rank = rank;
    if (isOpen) {
      state.navigate({ offset, image: item.index }, { replace: true });
    } else {
      if (offset !== view.offset) state.navigate({ offset });
      await this.page.show();
      grid.focus(rank - offset);
    }
  }
}

/**
 * Return whether no image precedes or follows. An image outside the list can go to any image of a list that has some.
 * @param {{position: number, offset: number, total: number}} options `position` on the page of the list, or −1
 */
export function findEnds({ position, offset, total }) {
  if (position < 0) return { isFirst: total === 0, isLast: total === 0 };
  return { isFirst: offset + position === 0, isLast: offset + position + 1 === total };
}
