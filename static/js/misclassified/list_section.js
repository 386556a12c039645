/** List of images: heading, exports, selection bar, tiles, empty state and pagination. */
import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { updateImagesNotice } from "../images/images_notice.js";
import { dropdown } from "../ui/dropdown_menu.js";
import { describeRange, Pagination } from "../ui/pagination.js";
import { describeList } from "./descriptions.js";
import { describeEmptyList } from "./empty_states.js";
import { selectionBar } from "./selection_bar.js";
import { PAGE_SIZE } from "./view_state.js";

const SEARCH_NOTICE_DELAY = 300; // ms that a request for the list may take before a notice explains the delay
const EXPORTS = ["export-csv", "export-json", "export-png"];

export class ListSection {
  /**
   * @param {HTMLElement} root
   * @param {{
   *   store: import("./view_store.js").ViewStore,
   *   grid: import("./image_grid.js").ImageGrid,
   *   annotations: import("../annotations/annotation_tools.js").AnnotationTools,
   *   actions: import("../ui/actions.js").ActionTable,
   * }} parts
   */
  constructor(root, { store, grid, annotations, actions }) {
    this.root = root;
    this.store = store;
    this.grid = grid;
    this.actions = actions;
    this.annotations = annotations;
    this.searching = false;
    this.searchTimer = 0;
    /** @type {Pagination | null} */
    this.paging = null;
    store.subscribe("view", () => this.#wait());
    store.subscribe("data", () => this.update());
  }

  /** Mark the list as busy, and explain a long search: the first list by smallest change takes long. */
  #wait() {
    window.clearTimeout(this.searchTimer);
    this.searching = false;
    if (this.store.busy && this.store.view.sort === "change")
      this.searchTimer = window.setTimeout(() => {
        this.searching = true;
        this.draw();
      }, SEARCH_NOTICE_DELAY);
    this.draw();
  }

  /** Show the current list of the store. */
  update() {
    window.clearTimeout(this.searchTimer);
    this.searching = false;
    const hadFocus = this.grid.focused >= 0;
    this.grid.update();
    this.draw();
    const { shown, total } = this.store;
    if (!shown) return;
    updateImagesNotice(shown.list);
    this.paging ??= new Pagination(byId("paging"), (offset) => {
      this.store.navigate({ offset, image: null });
      byId("total").scrollIntoView({ block: "nearest" });
    });
    this.paging.update({ offset: shown.view.offset, limit: PAGE_SIZE, total });
    if (hadFocus && total === 0)
      /** @type {HTMLElement | null} */ (this.root.querySelector("#nothing button"))?.focus();
  }

  /** Draw the list, after annotations or the selection changed. */
  draw() {
    const { store, grid, annotations, searching } = this;
    const { total } = store;
    render(
      html`<div class="hstack flex-wrap justify-content-between gap-2 mb-1">
          <h2 class="list-heading num" id="total" aria-live="polite">${this.#heading()}</h2>
          ${
            total
              ? dropdown(
                  "export",
                  "Export",
                  EXPORTS.map((name) => this.actions.get(name)),
                )
              : nothing
          }
        </div>
        <p class="small text-body-secondary mb-2" id="searching" role="status" ?hidden=${!searching}>
          Searching for the smallest change that corrects each image. This takes a moment the first time.
        </p>
        <p class="small text-body-secondary mb-2" id="list-hint" ?hidden=${!total || store.view.image !== null}>
          ${
            store.view.suspects
              ? "The more the network, the nearest training images and other runs favor another class than the label, the higher the score. Open an image to see why it is suspected."
              : "Open an image to see why it was misclassified."
          }
          <span class="list-hint-keys"
            >Ctrl + click or Shift + click selects several images to flag or label.</span
          >
        </p>
        ${selectionBar(grid.selection, annotations.store, store.classNames)} ${grid.template()} ${this.#emptyState()}
        <nav id="paging" aria-label="Pages of images"></nav>`,
      this.root,
    );
    grid.draw();
  }

  #heading() {
    const { shown, classNames } = this.store;
    if (!shown) return "";
    const { list, view } = shown;
    const range = describeRange({ offset: view.offset, shown: list.items.length });
    return describeList(list, view, classNames, shown.epoch) + (list.total > PAGE_SIZE ? `, ${range}` : "");
  }

  #emptyState() {
    const { shown, classNames } = this.store;
    if (!shown || shown.list.total > 0) return nothing;
    const { title, text, next } = describeEmptyList({ view: shown.view, epoch: shown.epoch, classNames });
    return html`<div class="empty" id="nothing">
      <h2>${title}</h2>
      <p>${text}</p>
      ${
        next &&
        html`<button class="btn btn-primary" type="button" data-action=${next}>${this.actions.get(next).title}</button>`
      }
    </div>`;
  }
}
