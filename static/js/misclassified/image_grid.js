/** A page of tiles: one stop for the tab key, a selection, and elements that are used again for other images. */

import { setAttribute, setChildren } from "../core/dom.js";
import { tilesFor } from "../images/image_tile.js";
import { Selection } from "../ui/multi_select.js";
import { sortFigure } from "./descriptions.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("../../../types/messages.js").Annotation} Annotation
 *
 * @typedef {object} GridOptions
 * @property {import("./view_state.js").MistakesView["sort"]} sort by which the images are ordered
 * @property {(item: Mistake) => string} address where a tile leads
 * @property {(index: number) => Annotation} annotation what people say of an image
 * @property {(index: number) => boolean} covers whether the answer is kept from a person who is to guess it
 */

export class ImageGrid {
  /**
   * @param {HTMLElement} parent
   * @param {{store: import("../images/pixel_store.js").PixelStore, classNames: string[]}} images
   * @param {{onOpen: (item: Mistake) => void, onSelect: (selection: Selection) => void}} listener
   */
  constructor(parent, { store, classNames }, { onOpen, onSelect }) {
    this.parent = parent;
    this.store = store;
    this.classNames = classNames;
    this.onOpen = onOpen;
    /** @type {Mistake[]} */
    this.items = [];
    /** @type {import("../images/image_tile.js").Tile[]} */
    this.tiles = [];
    /** @type {GridOptions} */
    this.options = {
      sort: "confidence",
      address: () => "",
      annotation: () => ({ flagged: false, label: null, note: "" }),
      covers: () => false,
    };
    this.stop = 0;
    this.selection = new Selection(() => {
      this.redraw();
      onSelect(this.selection);
    });
    this.onSelect = onSelect;
    parent.addEventListener("click", (event) => this.#click(event));
    parent.addEventListener("keydown", (event) => this.#press(event));
    parent.addEventListener("focusin", (event) => {
      const place = this.#placeOf(event.target);
      if (place >= 0) this.#stopAt(place);
    });
  }

  /**
   * @param {Mistake[]} items
   * @param {GridOptions} options
   */
  update(items, options) {
    const { focused } = this;
    const before = this.items[focused]?.index;
    this.options = options;
    this.tiles = tilesFor(items, this.tiles);
    this.items = items;
    this.selection.show(items.map(({ index }) => index));
    this.redraw();
    setChildren(
      this.parent,
      this.tiles.map((tile) => tile.element),
    );
    this.#stopAt(Math.min(this.stop, items.length - 1));
    if (focused >= 0) this.#keepFocus(before, focused);
    this.onSelect(this.selection);
  }

  /**
   * The focus stays with its image, or else with its place.
   * @param {number} index of the image
   * @param {number} place
   */
  #keepFocus(index, place) {
    const now = this.items.findIndex((item) => item.index === index);
    const wanted = now < 0 ? Math.min(place, this.items.length - 1) : now;
    if (this.focused !== wanted) this.focus(wanted);
  }

  /** Draw the tiles as they are to look now. */
  redraw() {
    const { classNames, options, selection, store } = this;
    this.items.forEach((item, place) => {
      const tile = this.tiles[place];
      tile.show(item, {
        classNames,
        href: options.address(item),
        figure: sortFigure(item, options.sort),
        annotation: options.annotation(item.index),
        hidden: options.covers(item.index),
        selected: selection.has(item.index),
      });
      tile.draw(store.get(item.index), store.shape);
    });
  }

  /**
   * Mark the image that is shown large.
   * @param {number | null} index of the image
   */
  mark(index) {
    this.items.forEach((item, place) => {
      setAttribute(this.tiles[place].element, "aria-current", item.index === index ? "true" : null);
      if (item.index === index) this.#stopAt(place);
    });
  }

  /** @param {number} place */
  focus(place) {
    this.tiles[place]?.element.focus();
  }

  /** The place of the tile that has the focus, or -1. */
  get focused() {
    return this.tiles.findIndex((tile) => tile.element === document.activeElement);
  }

  /** How many tiles stand side by side. */
  get columns() {
    const top = this.tiles[0]?.element.offsetTop;
    const below = this.tiles.findIndex((tile) => tile.element.offsetTop !== top);
    return below < 0 ? this.tiles.length : below;
  }

  /** The images that a key is meant for: what is selected, or else the tile that has the focus. */
  get meant() {
    if (this.selection.size) return this.selection.indices;
    const { focused } = this;
    return focused < 0 ? [] : [this.items[focused].index];
  }

  /** @param {EventTarget | null} target */
  #placeOf(target) {
    return target instanceof Node ? this.tiles.findIndex((tile) => tile.element.contains(target)) : -1;
  }

  /** @param {number} place */
  #stopAt(place) {
    this.stop = Math.max(0, place);
    this.tiles.forEach(({ element }, other) => {
      setAttribute(element, "tabindex", other === this.stop ? "0" : "-1");
    });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const place = this.#placeOf(event.target);
    if (place < 0 || event.button !== 0 || event.altKey) return;
    event.preventDefault();
    const item = this.items[place];
    if (event.shiftKey) this.selection.extend(item.index, this.items[this.stop].index);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(item.index);
    else return this.onOpen(item);
    this.focus(place);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const place = this.#placeOf(event.target);
    if (place < 0 || event.altKey) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key.toLowerCase() === "a") this.selection.all();
    else if (event.key === " ") this.selection.toggle(this.items[place].index);
    else if (event.shiftKey && !held && event.key.startsWith("Arrow")) this.#extend(place, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {number} place
   * @param {string} key
   */
  #extend(place, key) {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns }[key] ?? 0;
    const next = Math.min(Math.max(place + by, 0), this.items.length - 1);
    this.selection.extend(this.items[next].index, this.items[place].index);
    this.focus(next);
  }
}
