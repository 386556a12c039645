/** Browser of the rows of a table, with their inputs and their class or targets. */

import { errorMessage, isAborted } from "../core/api.js";
import { byId, element, setMessage, setText } from "../core/dom.js";
import { count, counted, plainNumber } from "../core/format.js";
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
      const clamped = clampOffset({ offset, limit: PAGE_SIZE, total: list.total });
      if (clamped !== offset) return this.state.navigate({ offset: clamped }, { replace: true });
      this.#draw(list.items);
      this.paging.update({ offset, limit: PAGE_SIZE, total: list.total });
      setText(byId("total"), this.#describeRows(list.total, offset, list.items.length));
      setMessage(byId("problem"), "");
    } catch (error) {
      if (isAborted(error)) return;
      setMessage(byId("problem"), errorMessage(error));
    }
  }

  /**
   * Describe the rows and columns on the page.
   * @param {number} total
   * @param {number} offset
   * @param {number} shown number of rows on the page
   */
  #describeRows(total, offset, shown) {
    const { feature_names: shownInputs, n_features: inputs } = this.dataset;
    const rows = shown < total ? `, ${count(offset + 1)} to ${count(offset + shown)} shown` : "";
    const columns =
      shownInputs.length < inputs ? `; the first ${shownInputs.length} of ${count(inputs)} inputs of each` : "";
    return `${counted(total, "training example")}${rows}${columns}`;
  }

  /** @param {Example[]} examples */
  #draw(examples) {
    const { feature_names: inputs, target_names: targets, n_features: inputCount } = this.dataset;
    const hasMore = inputs.length < inputCount;
    const outcomes = isRegression(this.dataset) ? targets : ["class"];
    const groups = element(
      "tr",
      {},
      element("td"),
      createGroup(counted(inputCount, "input"), inputs.length + (hasMore ? 1 : 0)),
      createGroup(outcomes.length > 1 ? `${count(outcomes.length)} targets` : "To predict", outcomes.length),
    );
    const heading = element(
      "tr",
      {},
      element("th", { scope: "col", className: "num" }, "#"),
      ...inputs.map((name) => element("th", { scope: "col", className: "num" }, name)),
      hasMore && element("td", { className: "text-body-secondary" }, "…"),
      ...outcomes.map((name, index) => element("th", { scope: "col", className: outcomeClass(index) }, name)),
    );
    const rows = examples.map((example) => {
      const values = isRegression(this.dataset) ? example.targets.map(plainNumber) : [this.#className(example.label)];
      return element(
        "tr",
        {},
        element("th", { scope: "row", className: "num text-body-secondary" }, example.index),
        ...example.inputs.map((value) => element("td", { className: "num" }, plainNumber(value))),
        hasMore && element("td", { className: "text-body-secondary" }, "…"),
        ...values.map((text, index) => element("td", { className: outcomeClass(index) }, text)),
      );
    });
    const body = element("tbody", {}, ...rows);
    byId("rows").replaceChildren(element("thead", {}, groups, heading), body);
  }

  /** @param {number | null} label */
  #className(label) {
    return this.dataset.class_names[label ?? -1] ?? String(label);
  }
}

/** Create the heading of a group of columns. @param {string} text @param {number} columns */
function createGroup(text, columns) {
  return element("th", { scope: "colgroup", colSpan: columns, className: "examples-group" }, text);
}

/**
 * Return the CSS classes of a cell in the class column or a target column; the first such column has a left border.
 * @param {number} index position among these columns
 */
function outcomeClass(index) {
  return index === 0 ? "num examples-outcome" : "num";
}
