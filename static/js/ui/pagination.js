/** Pagination of a list: a previous and a next button around "Page k of n". */
import { element, setText } from "../core/dom.js";

/**
 * @typedef {object} Page
 * @property {number} offset index of the first item on the page
 * @property {number} limit number of items on a page
 * @property {number} total number of items on all pages
 */

/** @param {Page} page */
function pageNumber({ offset, limit }) {
  return Math.floor(offset / limit) + 1;
}

/** @param {Page} page */
function pageCount({ total, limit }) {
  return Math.max(1, Math.ceil(total / limit));
}

/**
 * Return the offset of the page that contains `offset`, or of the last page if `offset` is too large.
 * @param {Page} page
 */
export function clampOffset({ offset, limit, total }) {
  const last = Math.max(0, (Math.ceil(total / limit) - 1) * limit);
  return Math.min(Math.floor(offset / limit) * limit, last);
}

export class Pagination {
  /**
   * @param {HTMLElement} nav
   * @param {(offset: number) => void} onOffset
   */
  constructor(nav, onOffset) {
    /** @type {Page} */
    this.page = { offset: 0, limit: 1, total: 0 };
    this.nav = nav;
    this.previous = this.#button("‹ Previous", -1, onOffset);
    this.next = this.#button("Next ›", 1, onOffset);
    this.position = element("span", { className: "paging-position num" });
    nav.classList.add("paging");
    nav.replaceChildren(this.previous, this.position, this.next);
  }

  /** @param {Page} page */
  update(page) {
    this.page = page;
    this.nav.hidden = page.total <= page.limit;
    // Use aria-disabled, because a disabled button would lose the focus.
    this.previous.setAttribute("aria-disabled", String(page.offset === 0));
    this.next.setAttribute("aria-disabled", String(page.offset + page.limit >= page.total));
    setText(this.position, `Page ${pageNumber(page)} of ${pageCount(page)}`);
  }

  /**
   * @param {string} label
   * @param {number} step
   * @param {(offset: number) => void} onOffset
   */
  #button(label, step, onOffset) {
    const button = element("button", { type: "button", className: "btn btn-secondary btn-sm" }, label);
    button.addEventListener("click", () => {
      const offset = this.page.offset + step * this.page.limit;
      if (offset >= 0 && offset < this.page.total) onOffset(offset);
    });
    return button;
  }
}
