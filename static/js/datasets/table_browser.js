/** Browser of the rows of a table: inputs, and class or targets. */

import { plainNumber } from "../charts/figure.js";
import { errorMessage, isAborted } from "../core/api.js";
import { byId, element, setMessage, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { RequestCache } from "../core/request_cache.js";
import { integer, UrlState } from "../core/url_state.js";
import { clampOffset, Pagination } from "../ui/pagination.js";
import { isRegression } from "./dataset_kind.js";

/**
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/api.js").Example} Example
 */

const PAGE_SIZE = 100;

export class TableBrowser {
  /** @param {DatasetInfo} dataset */
  constructor(dataset) {
    this.dataset = dataset;
    this.lists = new RequestCache();
    /** @type {UrlState<{offset: number}>} */
    this.state = new UrlState({ offset: integer() }, () => this.show());
    this.paging = new Pagination(byId("paging"), (offset) => {
      this.state.navigate({ offset });
      byId("total").scrollIntoView({ block: "nearest" });
    });
  }

  async show() {
    const { offset } = this.state.values;
    byId("examples").hidden = false;
    try {
      const list = await this.lists.get(`/api/datasets/${this.dataset.name}/train?offset=${offset}&limit=${PAGE_SIZE}`);
      const inside = clampOffset({ offset, limit: PAGE_SIZE, total: list.total });
      if (inside !== offset) return this.state.navigate({ offset: inside }, { replace: true });
      this.#draw(list.items);
      this.paging.update({ offset, limit: PAGE_SIZE, total: list.total });
      setText(byId("total"), this.#total(list.total, offset, list.items.length));
      setMessage(byId("problem"), "");
    } catch (error) {
      if (isAborted(error)) return;
      setMessage(byId("problem"), errorMessage(error));
    }
  }

  /**
   * @param {number} total
   * @param {number} offset
   * @param {number} shown
   */
  #total(total, offset, shown) {
    const { feature_names: named, n_features: all } = this.dataset;
    const rows = shown < total ? `, ${count(offset + 1)} to ${count(offset + shown)} shown` : "";
    const columns = named.length < all ? `; the first ${named.length} of ${count(all)} inputs of each` : "";
    return `${counted(total, "training example")}${rows}${columns}`;
  }

  /** @param {Example[]} examples */
  #draw(examples) {
    const { feature_names: inputs, target_names: targets, n_features: all } = this.dataset;
    const cut = inputs.length < all;
    const outcomes = isRegression(this.dataset) ? targets : ["class"];
    const above = element(
      "tr",
      {},
      element("td"),
      group(counted(all, "input"), inputs.length + (cut ? 1 : 0)),
      group(outcomes.length > 1 ? `${count(outcomes.length)} targets` : "To predict", outcomes.length),
    );
    const heading = element(
      "tr",
      {},
      element("th", { scope: "col", className: "num" }, "#"),
      ...inputs.map((name) => element("th", { scope: "col", className: "num" }, name)),
      cut && element("td", { className: "muted" }, "…"),
      ...outcomes.map((name, place) => element("th", { scope: "col", className: outcomeClass(place) }, name)),
    );
    const rows = examples.map((example) => {
      const said = isRegression(this.dataset) ? example.targets.map(plainNumber) : [this.#className(example.label)];
      return element(
        "tr",
        {},
        element("th", { scope: "row", className: "num muted" }, example.index),
        ...example.inputs.map((value) => element("td", { className: "num" }, plainNumber(value))),
        cut && element("td", { className: "muted" }, "…"),
        ...said.map((text, place) => element("td", { className: outcomeClass(place) }, text)),
      );
    });
    const body = element("tbody", {}, ...rows);
    byId("rows").replaceChildren(element("thead", {}, above, heading), body);
  }

  /** @param {number | null} label */
  #className(label) {
    return this.dataset.class_names[label ?? -1] ?? String(label);
  }
}

/** @param {string} text @param {number} columns */
function group(text, columns) {
  return element("th", { scope: "colgroup", colSpan: columns, className: "examples-group" }, text);
}

/** A line stands before the first. @param {number} place */
function outcomeClass(place) {
  return place === 0 ? "num examples-outcome" : "num";
}
