/** Navigation from the open image or the focused tile to the next or previous image, across the pages of the list. */

import { isAborted } from "../core/api.js";
import { byId } from "../core/dom.js";
import { clamp } from "../core/numbers.js";
import { RequestCache } from "../core/request_cache.js";
import { isFiltered, listUrl, NO_FILTER, PAGE_SIZE } from "./view_state.js";

export class ImageNavigation {
  /** @param {import("./view_store.js").ViewStore} store @param {import("./image_grid.js").ImageGrid} grid */
  constructor(store, grid) {
    this.store = store;
    this.grid = grid;
    /** Navigation has its own `RequestCache`, because a new view cancels the pending request of the store. */
    this.lists = new RequestCache();
    /** Position of the open image in the whole list. If the image has left the list, this is its last position. */
    this.rank = 0;
    this.moving = false;
    this.takeFocus = false;
    store.subscribe("data", () => {
      if (store.shown && store.openPosition >= 0) this.rank = store.shown.view.offset + store.openPosition;
    });
  }

  /** Open an image and focus it. @param {{index: number}} item */
  open(item) {
    this.takeFocus = true;
    this.store.navigate({ image: item.index });
  }

  /** Scroll the open image into view, and focus it if a person opened it. */
  revealDetail() {
    const { top, bottom } = byId("open-image").getBoundingClientRect();
    const hiddenAbove = top < Math.max(0, byId("epochs").getBoundingClientRect().bottom);
    if (hiddenAbove || bottom > window.innerHeight) byId("open-image").scrollIntoView({ block: "start" });
    if (this.takeFocus) byId("detail").focus({ preventScroll: true });
    this.takeFocus = false;
  }

  /** Do the first of these that is possible: clear the selection, close the open image, clear the filters. */
  goBack() {
    const { store, grid } = this;
    if (grid.selection.size) grid.selection.clear();
    else if (store.view.image !== null) this.close();
    else if (isFiltered(store.view)) store.filter(NO_FILTER);
  }

  /** Close the open image, and focus its tile. */
  close() {
    const { store, grid } = this;
    const position = store.openPosition;
    store.navigate({ image: null });
    grid.focus(position < 0 ? grid.tabStop : position);
  }

  /** Clear the selection, and focus a tile, because the button that had the focus disappears. */
  clearSelection() {
    this.grid.selection.clear();
    this.grid.focus(this.grid.tabStop);
  }

  /**
   * Move the focus up or down in the grid of tiles.
   * @param {number} rows
   * @returns {void | false} false outside the grid, where the same keys scroll
   */
  moveFocus(rows) {
    const { grid, store } = this;
    if (store.view.image !== null || grid.focused < 0) return false;
    const position = grid.focused + rows * grid.columns;
    if (position < 0 || position >= store.items.length) return false;
    grid.focus(position);
  }

  /** Return true if there is a next or a previous image. @param {1 | -1} direction */
  canStep(direction) {
    return this.#target(direction) !== null;
  }

  /** Go to the next or the previous image; open it if an image is open. @param {1 | -1} direction */
  async step(direction) {
    const target = this.#target(direction);
    if (this.moving || target === null) return;
    this.moving = true;
    try {
      await this.#goToImage(target);
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.moving = false;
    }
  }

  /** @param {1 | -1} direction */
  #target(direction) {
    const { store, grid, rank } = this;
    const { shown, items, total } = store;
    const position = store.view.image === null ? grid.focused : store.openPosition;
    return targetRank({ direction, position, rank, offset: shown?.view.offset ?? 0, shown: items.length, total });
  }

  /** Focus or open the image at a position of the whole list. @param {number} rank */
  async #goToImage(rank) {
    const { store, grid } = this;
    const { view, epoch, state } = store;
    const { values } = state;
    const isOpen = view.image !== null;
    const offset = Math.floor(rank / PAGE_SIZE) * PAGE_SIZE;
    const items = offset === view.offset ? store.items : await this.#loadPage(epoch, { ...view, offset });
    const item = items[rank - offset];
    if (!item || values !== state.values) return; // a person has changed the view meanwhile
    this.rank = rank;
    if (isOpen) {
      store.navigate({ offset, image: item.index }, { replace: true });
    } else {
      if (offset !== view.offset) store.navigate({ offset });
      await store.load();
      grid.focus(rank - offset);
    }
  }

  /**
   * Return the images on another page, and keep them for the view of this page.
   * @param {number} epoch
   * @param {import("./view_state.js").ImageView} view
   */
  async #loadPage(epoch, view) {
    const url = listUrl(this.store.run.id, epoch, view);
    const list = await this.lists.get(url);
    this.store.data.lists.remember(url, list);
    return list.items;
  }
}

/**
 * Return the position in the whole list to which a step leads, or null if there is none.
 *
 * `position` is the position of the current image on the page. If it is −1 because the image has left the list, the next
 * image has taken its last position, `rank`. `shown` images are on the page, which starts at `offset`.
 * @param {{direction: 1 | -1, position: number, rank: number, offset: number, shown: number, total: number}} list
 */
export function targetRank({ direction, position, rank, offset, shown, total }) {
  if (total === 0 || shown === 0) return null;
  const last = offset + shown - 1;
  const target = position >= 0 ? offset + position + direction : clamp(direction > 0 ? rank : rank - 1, offset, last);
  return target >= 0 && target < total ? target : null;
}
