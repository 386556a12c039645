/** Base class of the browsers of a data set: one page of a list, buttons for the other pages, and errors. */

/** @import {DatasetInfo} from "../../../types/api.js" */
/** @import {Codec} from "../core/url_state.js" */

import { errorMessage, isAborted } from "../core/api.js";
import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { RequestCache } from "../core/request_cache.js";
import { integer, UrlState } from "../core/url_state.js";
import { clampOffset, Pagination } from "../ui/pagination.js";

/**
 * @template Item
 * @template {object} [Filter={}] parameters of the URL besides the offset
 */
export class DatasetBrowser {
  /**
   * @param {HTMLElement} root contains the items
   * @param {DatasetInfo} dataset
   * @param {number} limit number of items on a page
   * @param {{[Name in keyof Filter]: Codec<Filter[Name]>}} codecs
   */
  constructor(root, dataset, limit, codecs) {
    this.root = root;
    this.dataset = dataset;
    this.limit = limit;
    this.requests = new RequestCache();
    /** @type {UrlState<any>} */
    this.state = new UrlState({ ...codecs, offset: integer() }, () => this.show());
    this.paging = new Pagination(byId("paging"), (offset) => {
      this.state.navigate({ offset });
      if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
    });
  }

  /** Path of the list, to which the range is appended. */
  get path() {
    return `/api/datasets/${encodeURIComponent(this.dataset.name)}/train?`;
  }

  /** Load and show the page of the list that the URL selects, or the last page if the offset is too large. */
  async show() {
    const { limit } = this;
    const { offset } = this.state.values;
    try {
      const { items, total } = await this.requests.get(`${this.path}offset=${offset}&limit=${limit}`);
      const clamped = clampOffset({ offset, limit, total });
      if (clamped !== offset) return this.state.navigate({ offset: clamped }, { replace: true });
      this.root.hidden = false;
      render(this.template(items, { total, offset, shown: items.length }), this.root);
      this.paging.update({ offset, limit, total });
      this.#showProblem("");
    } catch (error) {
      if (!isAborted(error)) this.#showProblem(errorMessage(error));
    }
  }

  /** Return the template of the items. @param {Item[]} _items @param {import("./descriptions.js").Range} _range */
  template(_items, _range) {
    return html``;
  }

  /** @param {string} message */
  #showProblem(message) {
    render(
      message ? html`<div class="alert alert-danger mb-3" role="alert">${message}</div>` : nothing,
      byId("problem"),
    );
  }
}
