/** Grid of image tiles with one tab stop and multiple selection. Tile elements are reused for other images. */

import { setAttribute, setChildren } from "../core/dom.js";
import { reuseTiles } from "../images/image_tile.js";
import { Selection } from "../ui/multi_select.js";
import { sortValueText } from "./descriptions.js";

/**
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
 * @typedef {import("../../../types/api.js").Annotation} Annotation
 *
 * @typedef {object} GridOptions
 * @property {import("./view_state.js").ImageView["sort"]} sort current sort key
 * @property {(item: ListedImage) => string} address URL that opens an image
 * @property {(index: number) => Annotation} annotation returns the annotation of an image
 * @property {(index: number) => boolean} isHidden true while guess mode hides the prediction of an image
 */

export class ImageGrid {
  /**
   * @param {HTMLElement} parent
   * @param {{store: import("../images/pixel_store.js").PixelStore, classNames: string[]}} images
   * @param {{onOpen: (item: ListedImage) => void, onSelect: (selection: Selection) => void}} listener
   */
  constructor(parent, { store, classNames }, { onOpen, onSelect }) {
    this.parent = parent;
    this.store = store;
    this.classNames = classNames;
    this.onOpen = onOpen;
    /** @type {ListedImage[]} */
    this.items = [];
    /** @type {import("../images/image_tile.js").Tile[]} */
    this.tiles = [];
    /** @type {GridOptions} */
    this.options = {
      sort: "confidence",
      address: () => "",
      annotation: () => ({ flagged: false, label: null, note: "" }),
      isHidden: () => false,
    };
    this.tabStop = 0;
    this.selection = new Selection(() => {
      this.redraw();
      onSelect(this.selection);
    });
    this.onSelect = onSelect;
    parent.addEventListener("click", (event) => this.#handleClick(event));
    parent.addEventListener("keydown", (event) => this.#handleKey(event));
    parent.addEventListener("focusin", (event) => {
      const position = this.#positionOf(event.target);
      if (position >= 0) this.#setTabStop(position);
    });
  }

  /**
   * Show a page of images.
   * @param {ListedImage[]} items
   * @param {GridOptions} options
   */
  update(items, options) {
    const { focused } = this;
    const focusedIndex = this.items[focused]?.index;
    this.options = options;
    this.tiles = reuseTiles(items, this.tiles);
    this.items = items;
    this.selection.setShown(items.map(({ index }) => index));
    this.redraw();
    setChildren(
      this.parent,
      this.tiles.map((tile) => tile.element),
    );
    this.#setTabStop(Math.min(this.tabStop, items.length - 1));
    if (focused >= 0) this.#keepFocus(focusedIndex, focused);
    this.onSelect(this.selection);
  }

  /**
   * Keep the focus on the same image, or at the same position if the image has left the page.
   * @param {number} index index of the image
   * @param {number} position
   */
  #keepFocus(index, position) {
    const current = this.items.findIndex((item) => item.index === index);
    const target = current < 0 ? Math.min(position, this.items.length - 1) : current;
    if (this.focused !== target) this.focus(target);
  }

  /** Redraw the tiles in their current state. */
  redraw() {
    const { classNames, options, selection, store } = this;
    this.items.forEach((item, position) => {
      const tile = this.tiles[position];
      tile.show(item, {
        classNames,
        href: options.address(item),
        value: sortValueText(item, options.sort),
        annotation: options.annotation(item.index),
        hidden: options.isHidden(item.index),
        selected: selection.has(item.index),
      });
      tile.draw(store.get(item.index), store.shape);
    });
  }

  /**
   * Mark the open image.
   * @param {number | null} index index of the image
   */
  markOpenImage(index) {
    this.items.forEach((item, position) => {
      setAttribute(this.tiles[position].element, "aria-current", item.index === index ? "true" : null);
      if (item.index === index) this.#setTabStop(position);
    });
  }

  /** Focus a tile. @param {number} position */
  focus(position) {
    this.tiles[position]?.element.focus();
  }

  /** Position of the focused tile, or -1. */
  get focused() {
    return this.tiles.findIndex((tile) => tile.element === document.activeElement);
  }

  /** Number of tiles in a row. */
  get columns() {
    const top = this.tiles[0]?.element.offsetTop;
    const below = this.tiles.findIndex((tile) => tile.element.offsetTop !== top);
    return below < 0 ? this.tiles.length : below;
  }

  /** Images to which a shortcut applies: the selected images or, without a selection, the image of the focused tile. */
  get targets() {
    if (this.selection.size) return this.selection.indices;
    const { focused } = this;
    return focused < 0 ? [] : [this.items[focused].index];
  }

  /** @param {EventTarget | null} target */
  #positionOf(target) {
    return target instanceof Node ? this.tiles.findIndex((tile) => tile.element.contains(target)) : -1;
  }

  /** @param {number} position */
  #setTabStop(position) {
    this.tabStop = Math.max(0, position);
    this.tiles.forEach(({ element }, other) => {
      setAttribute(element, "tabindex", other === this.tabStop ? "0" : "-1");
    });
  }

  /** @param {MouseEvent} event */
  #handleClick(event) {
    const position = this.#positionOf(event.target);
    if (position < 0 || event.button !== 0 || event.altKey) return;
    event.preventDefault();
    const item = this.items[position];
    if (event.shiftKey) this.selection.extend(item.index, this.items[this.tabStop].index);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(item.index);
    else return this.onOpen(item);
    this.focus(position);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const position = this.#positionOf(event.target);
    if (position < 0 || event.altKey) return;
    const hasModifier = event.ctrlKey || event.metaKey;
    if (hasModifier && event.key.toLowerCase() === "a") this.selection.selectAll();
    else if (event.key === " ") this.selection.toggle(this.items[position].index);
    else if (event.shiftKey && !hasModifier && event.key.startsWith("Arrow"))
      this.#extendSelection(position, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {number} position
   * @param {string} key
   */
  #extendSelection(position, key) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns }[key] ?? 0;
    const next = Math.min(Math.max(position + step, 0), this.items.length - 1);
    this.selection.extend(this.items[next].index, this.items[position].index);
    this.focus(next);
  }
}
