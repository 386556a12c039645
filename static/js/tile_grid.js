/** A page of tiles: one stop for the tab key, a tile that stays keeps its element, its picture and the focus. */
import { createTile, tileKey, updateTile } from "./tiles.js";
import { setAttribute, setChildren } from "./update.js";

/** @typedef {import("../../types/messages.js").Mistake} Mistake */

export class TileGrid {
  /**
   * @param {HTMLElement} parent
   * @param {(item: Mistake) => void} onOpen
   */
  constructor(parent, onOpen) {
    this.parent = parent;
    this.onOpen = onOpen;
    /** @type {Mistake[]} */
    this.items = [];
    /** @type {HTMLAnchorElement[]} */
    this.tiles = [];
    /** @type {Map<string, HTMLAnchorElement>} */
    this.byKey = new Map();
    this.stop = 0;
    parent.addEventListener("click", (event) => this.#click(event));
    parent.addEventListener("focusin", (event) => {
      const place = this.tiles.findIndex((tile) => tile.contains(/** @type {Node} */ (event.target)));
      if (place >= 0) this.#stopAt(place);
    });
  }

  /**
   * @param {Mistake[]} items
   * @param {{dataset: string, classNames: string[], address: (item: Mistake) => string}} options
   */
  update(items, { dataset, classNames, address }) {
    const focused = this.focused;
    /** @type {Map<string, HTMLAnchorElement>} */
    const byKey = new Map();
    this.tiles = items.map((item) => {
      const options = { dataset, classNames, href: address(item) };
      const present = this.byKey.get(tileKey(item));
      if (present) updateTile(present, item, options);
      const tile = present ?? createTile(item, options);
      byKey.set(tileKey(item), tile);
      return tile;
    });
    this.items = items;
    this.byKey = byKey;
    setChildren(this.parent, this.tiles);
    this.#stopAt(Math.min(this.stop, items.length - 1));
    if (focused >= 0 && !this.parent.contains(document.activeElement)) this.focus(Math.min(focused, items.length - 1));
  }

  /**
   * Mark the image that is shown large.
   * @param {number | null} index of the image
   */
  mark(index) {
    this.items.forEach((item, place) => {
      setAttribute(this.tiles[place], "aria-current", item.index === index ? "true" : null);
      if (item.index === index) this.#stopAt(place);
    });
  }

  /** @param {number} place */
  focus(place) {
    this.tiles[place]?.focus();
  }

  /** The place of the tile that has the focus, or -1. */
  get focused() {
    return this.tiles.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  }

  /** How many tiles stand side by side. */
  get columns() {
    const top = this.tiles[0]?.offsetTop;
    const below = this.tiles.findIndex((tile) => tile.offsetTop !== top);
    return below < 0 ? this.tiles.length : below;
  }

  /** @param {number} place */
  #stopAt(place) {
    this.stop = Math.max(0, place);
    this.tiles.forEach((tile, other) => {
      setAttribute(tile, "tabindex", other === this.stop ? "0" : "-1");
    });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    // With a modifier the browser opens the same view in another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const place = this.tiles.findIndex((tile) => tile.contains(/** @type {Node} */ (event.target)));
    if (place < 0) return;
    event.preventDefault();
    this.onOpen(this.items[place]);
  }
}
