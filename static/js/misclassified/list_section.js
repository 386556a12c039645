/** List of images: heading, tiles, selection bar, pagination and exports. */
import { byId, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { setUpDropdown } from "../ui/dropdown_menu.js";
import { clampOffset, Pagination } from "../ui/pagination.js";
import { describeList } from "./descriptions.js";
import { showEmptyList } from "./empty_states.js";
import { ImageGrid } from "./image_grid.js";
import { SelectionBar } from "./selection_bar.js";
import { exportUrl, NO_FILTER, PAGE_SIZE } from "./view_state.js";

/**
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
 * @typedef {import("../../../types/api.js").MisclassifiedList} List
 * @typedef {import("./view_state.js").ImageView} ImageView
 *
 * @typedef {object} ListListener
 * @property {(item: ListedImage) => void} onOpen
 * @property {(offset: number) => void} onPage
 * @property {(change: Partial<ImageView>) => void} onFilter
 * @property {() => void} onFirstEpoch
 */

const SEARCH_NOTICE_DELAY = 300; // ms that a request for the list may take before a notice explains the delay
const EXPORT_KINDS = /** @type {const} */ (["csv", "json", "png"]);

export class ListSection {
  /**
   * @param {{runId: number, store: import("../images/pixel_store.js").PixelStore, classNames: string[]}} images
   * @param {import("../annotations/annotation_tools.js").AnnotationTools} annotations
   * @param {ListListener} listener
   */
  constructor({ runId, store, classNames }, annotations, listener) {
    this.runId = runId;
    this.classNames = classNames;
    this.listener = listener;
    this.annotations = annotations;
    this.tiles = byId("tiles");
    this.searchNotice = 0;
    setUpDropdown(/** @type {HTMLDetailsElement} */ (byId("export")));
    this.bar = new SelectionBar({ store: annotations.store, classNames, onClear: () => this.#clearSelection() });
    this.grid = new ImageGrid(
      this.tiles,
      { store, classNames },
      { onOpen: listener.onOpen, onSelect: (selection) => this.bar.update(selection) },
    );
    this.paging = new Pagination(byId("paging"), (offset) => {
      listener.onPage(offset);
      byId("total").scrollIntoView({ block: "nearest" });
    });
  }

  /** Mark the list as busy while a request for a view runs. @param {ImageView} view */
  setBusy(view) {
    setAttribute(this.tiles, "aria-busy", "true");
    window.clearTimeout(this.searchNotice);
    // The first list sorted by smallest change takes long, because the server searches for the smallest change of each
    // image.
    if (view.sort === "change")
      this.searchNotice = window.setTimeout(() => this.#showSearchNotice(true), SEARCH_NOTICE_DELAY);
  }

  /** Mark the list as loaded. */
  setComplete() {
    window.clearTimeout(this.searchNotice);
    this.#showSearchNotice(false);
    setAttribute(this.tiles, "aria-busy", "false");
  }

  /** @param {boolean} searching */
  #showSearchNotice(searching) {
    byId("searching").hidden = !searching;
  }

  #clearSelection() {
    this.grid.selection.clear();
    this.grid.focus(this.grid.tabStop); // the button that had the focus is now hidden
  }

  /**
   * Show a page of the list.
   * @param {List} list
   * @param {ImageView} view
   * @param {number} epoch
   * @param {(item: ListedImage) => string} address URL that opens an image
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
    for (const kind of EXPORT_KINDS) {
      setAttribute(byId(`export-${kind}`), "href", exportUrl(this.runId, epoch, view, kind));
    }
    byId("export").hidden = total === 0;
    showEmptyList(total === 0 ? { view, epoch, classNames: this.classNames } : null, {
      clear: () => this.listener.onFilter(NO_FILTER),
      first: this.listener.onFirstEpoch,
    });
    if (hadFocus && total === 0) byId("nothing-next").focus();
    this.setComplete();
  }

  /**
   * @param {ListedImage[]} items
   * @param {ImageView} view
   * @param {(item: ListedImage) => string} address
   */
  #drawTiles(items, view, address) {
    this.grid.update(items, {
      address,
      sort: view.sort,
      annotation: (index) => this.annotations.store.get(index),
      isHidden: (index) => this.annotations.guessing.hidesPrediction(index),
    });
    this.grid.markOpenImage(view.image);
  }

  /** Redraw the tiles after annotations changed. */
  redraw() {
    this.grid.redraw();
    this.bar.update(this.grid.selection);
  }
}

/**
 * Return the offset of the existing page nearest to the requested offset.
 * @param {number} offset requested offset
 * @param {number} total
 */
export function clampPageOffset(offset, total) {
  return clampOffset({ offset, limit: PAGE_SIZE, total });
}
