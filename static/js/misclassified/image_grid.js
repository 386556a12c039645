/** Grid of image tiles with one tab stop and multiple selection. Each position has a canvas, which is drawn again. */

import { html } from "../core/html.js";
import { clamp } from "../core/numbers.js";
import { TileCanvases, tileTemplate } from "../images/image_tile.js";
import { shortcutKey } from "../ui/keys.js";
import { Selection } from "../ui/multi_select.js";
import { sortValueText } from "./descriptions.js";

/** @import {ListedImage} from "../../../types/api.js" */
/** @import {AnnotationTools} from "../annotations/annotation_tools.js" */

export class ImageGrid {
  /**
   * @param {{
   *   store: import("./view_store.js").ViewStore,
   *   pixels: import("../images/pixel_store.js").PixelStore,
   *   annotations: AnnotationTools,
   *   onOpen: (item: ListedImage) => void,
   *   onChange: () => void,
   * }} options `onChange`: called when `template` returns something new
   */
  constructor({ store, pixels, annotations, onOpen, onChange }) {
    this.store = store;
    this.pixels = pixels;
    this.annotations = annotations;
    this.onOpen = onOpen;
    this.onChange = onChange;
    this.selection = new Selection(onChange);
    this.tabStop = 0;
    /** @type {HTMLElement | null} */
    this.root = null;
    this.canvases = new TileCanvases();
    /** Position and image that had the focus before the list changed. @type {{position: number, index: number} | null} */
    this.toFocus = null;
    /** @type {ListedImage[]} */
    this.items = [];
  }

  /** Use the current list of the store. Call it before `template`. */
  update() {
    const { focused } = this;
    if (focused >= 0) this.toFocus = { position: focused, index: this.items[focused]?.index };
    this.items = this.store.items;
    this.selection.setShown(this.items.map(({ index }) => index));
    const open = this.store.openPosition;
    this.tabStop = open >= 0 ? open : Math.max(0, Math.min(this.tabStop, this.items.length - 1));
  }

  /** Template of the grid. Call `draw` after it has been rendered. */
  template() {
    const { store, items } = this;
    return html`<div class="tiles" id="tiles" aria-busy=${store.busy} ?hidden=${items.length === 0}
      @click=${this.#handleClick} @keydown=${this.#handleKey} @focusin=${this.#handleFocus}>
      ${items.map((item, position) => this.#tile(item, position))}
    </div>`;
  }

  /** @param {ListedImage} item @param {number} position */
  #tile(item, position) {
    const { store, annotations } = this;
    const options = {
      classNames: store.classNames,
      href: store.urlOf(item.index),
      value: sortValueText(item, store.shown?.view.sort ?? "confidence"),
      annotation: annotations.store.get(item.index),
      hidden: annotations.guessing.hidesPrediction(item.index),
      selected: this.selection.has(item.index),
      open: item.index === store.view.image,
      tabIndex: position === this.tabStop ? 0 : -1,
    };
    return tileTemplate(item, this.canvases.at(position), options);
  }

  /** Draw the pixels, and keep the focus on the same image or, if it has left the page, on the same position. */
  draw() {
    this.root ??= document.getElementById("tiles");
    const { items, toFocus } = this;
    this.canvases.draw(items, this.pixels);
    this.toFocus = null;
    if (!toFocus) return;
    const current = items.findIndex(({ index }) => index === toFocus.index);
    const target = current < 0 ? Math.min(toFocus.position, items.length - 1) : current;
    if (this.focused !== target) this.focus(target);
  }

  /** Elements of the tiles. @returns {HTMLElement[]} */
  get tiles() {
    return /** @type {HTMLElement[]} */ ([...(this.root?.children ?? [])]);
  }

  /** Focus a tile. @param {number} position */
  focus(position) {
    this.tiles[position]?.focus();
  }

  /** Position of the focused tile, or -1. */
  get focused() {
    return this.#positionOf(document.activeElement);
  }

  /** Number of tiles in a row. */
  get columns() {
    const { tiles } = this;
    const below = tiles.findIndex((tile) => tile.offsetTop !== tiles[0].offsetTop);
    return below < 0 ? tiles.length : below;
  }

  /** Images to which an action applies: the selected images or, without a selection, the image of the focused tile. */
  get targets() {
    if (this.selection.size) return this.selection.indices;
    const { focused } = this;
    return focused < 0 ? [] : [this.items[focused].index];
  }

  /** @param {EventTarget | null} target */
  #positionOf(target) {
    return target instanceof Node && this.root?.contains(target)
      ? this.tiles.findIndex((tile) => tile.contains(target))
      : -1;
  }

  #handleFocus = (/** @type {FocusEvent} */ { target }) => {
    const position = this.#positionOf(target);
    if (position < 0 || position === this.tabStop) return;
    this.tabStop = position;
    this.onChange();
  };

  #handleClick = (/** @type {MouseEvent} */ event) => {
    const position = this.#positionOf(event.target);
    if (position < 0 || event.button !== 0 || event.altKey) return;
    event.preventDefault();
    const item = this.items[position];
    if (event.shiftKey) this.selection.extend(item.index, this.items[this.tabStop].index);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(item.index);
    else return this.onOpen(item);
    this.focus(position);
  };

  #handleKey = (/** @type {KeyboardEvent} */ event) => {
    const position = this.#positionOf(event.target);
    if (position < 0 || event.altKey) return;
    const hasModifier = event.ctrlKey || event.metaKey;
    if (hasModifier && shortcutKey(event, (key) => key === "a")) this.selection.selectAll();
    else if (event.key === " ") this.selection.toggle(this.items[position].index);
    else if (event.shiftKey && !hasModifier && event.key.startsWith("Arrow"))
      this.#extendSelection(position, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @param {number} position @param {string} key */
  #extendSelection(position, key) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns }[key] ?? 0;
    const next = clamp(position + step, 0, this.items.length - 1);
    this.selection.extend(this.items[next].index, this.items[position].index);
    this.focus(next);
  }
}
