/** Navigation from the open image or the focused tile to the next or previous image, across the pages of the list. */
import { isAborted } from "../core/api.js";
import { byId, setAttribute } from "../core/dom.js";
import { RequestCache } from "../core/request_cache.js";
import { isFiltered, listUrl, NO_FILTER, PAGE_SIZE } from "./view_state.js";

/**
 * Interface of the `MisclassifiedPage` object, with the members that the navigation uses.
 * @typedef {object} NavigablePage
 * @property {import("../../../types/api.js").Run} run
 * @property {import("./view_state.js").ImageView} view
 * @property {number} epoch
 * @property {{total: number, items: import("../../../types/api.js").ListedImage[]}} list
 * @property {import("../core/url_state.js").UrlState<import("./view_state.js").ImageView>} state
 * @property {import("./image_grid.js").ImageGrid} grid
 * @property {() => Promise<void>} show
 * @property {(change: Partial<import("./view_state.js").ImageView>) => void} filter
 */

export class ImageNavigation {
  /** @param {NavigablePage} page */
  constructor(page) {
    this.page = page;
    /** Navigation has its own `RequestCache`, because a redraw of the page cancels the pending request of the page. */
    this.lists = new RequestCache();
    /** Position of the open image in the whole list. If the image has left the list, this is its last position. */
    this.rank = 0;
    this.moving = false;
    this.takeFocus = false;
    byId("previous-image").addEventListener("click", () => this.step(-1));
    byId("next-image").addEventListener("click", () => this.step(1));
    byId("close-image").addEventListener("click", () => this.close());
  }

  /** Open an image and focus it. @param {import("../../../types/api.js").ListedImage} item */
  open(item) {
    this.takeFocus = true;
    this.page.state.navigate({ image: item.index });
  }

  /**
   * Disable the previous button at the first image, and the next button at the last one.
   * @param {number} position position of the open image on the current page, or −1 if it is not on the page
   */
  disableEndButtons(position) {
    const { view, list } = this.page;
    const { isFirst, isLast } = findEnds({ position, offset: view.offset, total: list.total });
    setAttribute(byId("previous-image"), "aria-disabled", String(isFirst));
    setAttribute(byId("next-image"), "aria-disabled", String(isLast));
  }

  /** Scroll the open image into view, and focus it if a person opened it. */
  revealDetail() {
    const { top, bottom } = byId("open-image").getBoundingClientRect();
    const hiddenAbove = top < Math.max(0, byId("epochs").getBoundingClientRect().bottom);
    if (hiddenAbove || bottom > window.innerHeight) byId("open-image").scrollIntoView({ block: "start" });
    if (this.takeFocus) byId("detail").focus({ preventScroll: true });
    this.takeFocus = false;
  }

  /**
   * Do the first of these that is possible: clear the selection, close the open image, clear the filters.
   * @returns {void | false} false if none is possible
   */
  clearOrClose() {
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

  /** Close the open image, and focus its tile. */
  close() {
    const { view, grid, list, state } = this.page;
    const position = list.items.findIndex((item) => item.index === view.image);
    state.navigate({ image: null });
    grid.focus(position < 0 ? grid.tabStop : position);
  }

  /**
   * Move the focus up or down in the grid of tiles.
   * @param {number} rows
   * @returns {void | false} false outside the grid, where the same keys scroll
   */
  moveFocus(rows) {
    const { grid, view } = this.page;
    if (view.image !== null || grid.focused < 0) return false;
    const position = grid.focused + rows * grid.columns;
    if (position < 0 || position >= grid.tiles.length) return false;
    grid.focus(position);
  }

  /**
   * Go to the next or the previous image; open it if an image is open.
   * @param {1 | -1} direction
   */
  async step(direction) {
    const { view, list, grid } = this.page;
    if (this.moving || list.total === 0) return;
    const isOpen = view.image !== null;
    const position = isOpen ? list.items.findIndex((item) => item.index === view.image) : grid.focused;
    if (position >= 0) this.rank = view.offset + position;
    // If the open image has left the list, the next image has taken its position, `this.rank`.
    const rank = position < 0 ? this.#clampToPage(direction > 0 ? this.rank : this.rank - 1) : this.rank + direction;
    if (rank < 0 || rank >= list.total) return;
    this.moving = true;
    try {
      await this.#goToImage(rank, isOpen);
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.moving = false;
    }
  }

  /** Return the position on the current page that is nearest to `rank`. @param {number} rank */
  #clampToPage(rank) {
    const { view, list } = this.page;
    return Math.min(Math.max(rank, view.offset), view.offset + list.items.length - 1);
  }

  /**
   * Focus or open the image at a position of the whole list.
   * @param {number} rank
   * @param {boolean} isOpen true to open the image
   */
  async #goToImage(rank, isOpen) {
    const { run, view, epoch, state, grid } = this.page;
    const offset = Math.floor(rank / PAGE_SIZE) * PAGE_SIZE;
    const list =
      offset === view.offset ? this.page.list : await this.lists.get(listUrl(run.id, epoch, { ...view, offset }));
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
 * Return whether the open image is the first in the list (`isFirst`) and whether it is the last (`isLast`).
 *
 * If the list is empty, both are true. If the list has images, but not the open one, both are false.
 * @param {{position: number, offset: number, total: number}} options `position`: position on the current page, or −1
 */
export function findEnds({ position, offset, total }) {
  if (position < 0) return { isFirst: total === 0, isLast: total === 0 };
  return { isFirst: offset + position === 0, isLast: offset + position + 1 === total };
}
