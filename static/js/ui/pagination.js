/** Pagination of a list: a previous and a next button around "Page k of n". */
import { count } from "../core/format.js";
import { html, render } from "../core/html.js";

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

/** Describe the items on a page: "49 to 96 shown". @param {{offset: number, shown: number}} page */
export function describeRange({ offset, shown }) {
  return `${count(offset + 1)} to ${count(offset + shown)} shown`;
}

export class Pagination {
  /** @param {HTMLElement} nav @param {(offset: number) => void} onOffset */
  constructor(nav, onOffset) {
    this.nav = nav;
    this.onOffset = onOffset;
  }

  /** @param {Page} page */
  update(page) {
    this.nav.hidden = page.total <= page.limit;
    render(
      html`<ul class="pagination pagination-sm justify-content-center mt-3 mb-0">
        ${this.#step("‹ Previous", page, page.offset - page.limit)}
        <li class="page-item"><span class="page-link text-body-secondary num">Page ${pageNumber(page)} of ${pageCount(page)}</span></li>
        ${this.#step("Next ›", page, page.offset + page.limit)}
      </ul>`,
      this.nav,
    );
  }

  /** Return a button that leads to another page. @param {string} label @param {Page} page @param {number} offset */
  #step(label, { total }, offset) {
    const exists = offset >= 0 && offset < total;
    // Use aria-disabled, because a disabled button would lose the focus.
    return html`<li class="page-item ${exists ? "" : "disabled"}">
      <button type="button" class="page-link" aria-disabled=${!exists} @click=${() => exists && this.onOffset(offset)}>
        ${label}
      </button>
    </li>`;
  }
}
