/** The images that are listed: heading, tiles, selection, pages, and the files to take away. */
import { afterPaint, byId, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { closeLikeMenus } from "../ui/dropdown_menu.js";
import { clampOffset, Paging } from "../ui/pagination.js";
import { describeList } from "./descriptions.js";
import { showNothing } from "./empty_states.js";
import { ImageGrid } from "./image_grid.js";
import { SelectionBar } from "./selection_bar.js";
import { exportAddress, NO_FILTER, PAGE_SIZE } from "./view_state.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("../../../types/messages.js").MistakeList} List
 * @typedef {import("./view_state.js").MistakesView} MistakesView
 *
 * @typedef {object} ListListener
 * @property {(item: Mistake) => void} onOpen
 * @property {(offset: number) => void} onTurn
 * @property {(change: Partial<MistakesView>) => void} onFilter
 * @property {() => void} onFirstEpoch
 */

const PATIENCE = 300; // ms until a person is told what takes so long
const FIRST_SIGHT = 24; // tiles, more than a laptop shows above the fold
const KINDS = /** @type {const} */ (["csv", "json", "png"]);

export class ListSection {
  /**
   * @param {{runId: number, store: import("../images/pixel_store.js").PixelStore, classNames: string[]}} images
   * @param {import("../annotations/annotation_tools.js").AnnotationTools} acting
   * @param {ListListener} listener
   */
  constructor({ runId, store, classNames }, acting, listener) {
    this.runId = runId;
    this.classNames = classNames;
    this.listener = listener;
    this.acting = acting;
    this.tiles = byId("tiles");
    /** What is listed. @type {Mistake[]} */
    this.items = [];
    this.patience = 0;
    closeLikeMenus(/** @type {HTMLDetailsElement} */ (byId("export")));
    this.bar = new SelectionBar({ desk: acting.desk, classNames, onClear: () => this.#clearSelection() });
    this.grid = new ImageGrid(
      this.tiles,
      { store, classNames },
      { onOpen: listener.onOpen, onSelect: (selection) => this.bar.update(selection) },
    );
    this.paging = new Paging(byId("paging"), (offset) => {
      listener.onTurn(offset);
      byId("total").scrollIntoView({ block: "nearest" });
    });
  }

  /** Other images are on their way. @param {MistakesView} view */
  expect(view) {
    setAttribute(this.tiles, "aria-busy", "true");
    window.clearTimeout(this.patience);
    // The first time, the server looks for the smallest change of every mistake.
    if (view.sort === "change") this.patience = window.setTimeout(() => this.#tellOfSearch(true), PATIENCE);
  }

  /** Nothing more will come: what is listed stays. */
  settle() {
    window.clearTimeout(this.patience);
    this.#tellOfSearch(false);
    setAttribute(this.tiles, "aria-busy", "false");
  }

  /** @param {boolean} searching */
  #tellOfSearch(searching) {
    byId("searching").hidden = !searching;
  }

  #clearSelection() {
    this.grid.selection.clear();
    this.grid.focus(this.grid.stop); // the button goes, and would take the focus with it
  }

  /**
   * @param {List} list
   * @param {MistakesView} view
   * @param {number} epoch
   * @param {(item: Mistake) => string} address of the page with this image shown large
   */
  update(list, view, epoch, address) {
    const { total, items } = list;
    const hadFocus = this.tiles.contains(document.activeElement);
    this.#drawTiles(items, view, address);
    this.tiles.hidden = total === 0;
    const { offset } = view;
    this.paging.update({ offset, limit: PAGE_SIZE, total });
    const shown = total > PAGE_SIZE ? `, ${count(offset + 1)} to ${count(offset + items.length)} shown` : "";
    setText(byId("total"), describeList(list, view, this.classNames) + shown);
    byId("list-hint").hidden = total === 0 || view.image !== null;
    for (const kind of KINDS) {
      setAttribute(byId(`export-${kind}`), "href", exportAddress(this.runId, epoch, view, kind));
    }
    byId("export").hidden = total === 0;
    showNothing(total === 0 ? { view, epoch, classNames: this.classNames } : null, {
      clear: () => this.listener.onFilter(NO_FILTER),
      first: this.listener.onFirstEpoch,
    });
    if (hadFocus && total === 0) byId("nothing-next").focus();
    this.settle();
  }

  /**
   * Draw the tiles; the very first time those below the fold come a frame later, so that a page opens sooner.
   * @param {Mistake[]} items
   * @param {MistakesView} view
   * @param {(item: Mistake) => string} address
   */
  #drawTiles(items, view, address) {
    const options = {
      address,
      sort: view.sort,
      annotation: (/** @type {number} */ index) => this.acting.desk.get(index),
      covers: (/** @type {number} */ index) => this.acting.guessing.covers(index),
    };
    const draw = (/** @type {Mistake[]} */ part) => {
      this.grid.update(part, options);
      this.grid.mark(view.image);
    };
    this.items = items;
    if (this.grid.items.length || items.length <= FIRST_SIGHT) return draw(items);
    draw(items.slice(0, FIRST_SIGHT));
    afterPaint(() => this.items === items && draw(items));
  }

  /** What people say of some images has changed. */
  redraw() {
    this.grid.redraw();
    this.bar.update(this.grid.selection);
  }
}

/**
 * The offset at which a page begins that is there.
 * @param {number} offset that is asked for
 * @param {number} total
 */
export function offsetInside(offset, total) {
  return clampOffset({ offset, limit: PAGE_SIZE, total });
}
