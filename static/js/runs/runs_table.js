/** Table of runs. A run keeps its row element, and only changed cells are updated. */
import { element, setAttribute, setChildren, setText } from "../core/dom.js";
import { STATUS_ICONS } from "../realtime/run_status.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("./run_columns.js").Column} Column
 */

/**
 * @typedef {object} TableActions
 * @property {(name: string) => void} onSort called with the name of the column to sort by
 * @property {(run: Run, selected: boolean) => void} onSelect called when a person selects a run to compare
 * @property {(run: Run) => void} onEdit
 * @property {(run: Run) => boolean} hasImages true for a run on images
 */

export class RunsTable {
  /**
   * @param {HTMLTableElement} table
   * @param {Column[]} columns
   * @param {TableActions} actions
   */
  constructor(table, columns, actions) {
    this.columns = columns;
    this.actions = actions;
    /** @type {Map<number, RunRow>} */
    this.rows = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.headings = new Map();
    const heading = element(
      "tr",
      { role: "row" },
      createSelectHeading(),
      ...columns.map((column) => this.#createHeading(column)),
    );
    this.body = element("tbody", { role: "rowgroup" });
    table.append(element("thead", { role: "rowgroup" }, heading), this.body);
  }

  /**
   * @param {Run[]} runs runs on the current page, sorted
   * @param {{sort: string, order: "asc" | "desc", compare: number[]}} view
   */
  update(runs, { sort, order, compare }) {
    for (const [name, heading] of this.headings) {
      setAttribute(heading, "aria-sort", name === sort ? (order === "asc" ? "ascending" : "descending") : null);
    }
    const shown = new Set(runs.map((run) => run.id));
    for (const id of this.rows.keys()) if (!shown.has(id)) this.rows.delete(id);
    for (const run of runs) {
      const row = this.rows.get(run.id) ?? new RunRow(this.columns, this.actions);
      this.rows.set(run.id, row);
      row.update(run, compare.includes(run.id));
    }
    setChildren(
      this.body,
      runs.map((run) => /** @type {RunRow} */ (this.rows.get(run.id)).line),
    );
  }

  /** @param {Column} column */
  #createHeading({ name, title, numeric }) {
    const button = element("button", { type: "button", className: "sort-button" }, title);
    button.addEventListener("click", () => this.actions.onSort(name));
    const heading = element("th", { scope: "col", role: "columnheader", className: numeric ? "num" : "" }, button);
    this.headings.set(name, heading);
    return heading;
  }
}

function createSelectHeading() {
  const text = element("span", { className: "visually-hidden" }, "Compare");
  return element("th", { scope: "col", role: "columnheader", className: "runs-select" }, text);
}

class RunRow {
  /**
   * @param {Column[]} columns
   * @param {TableActions} actions
   */
  constructor(columns, { onSelect, onEdit, hasImages }) {
    /** @type {Run | null} */
    this.run = null;
    this.hasImages = hasImages;
    this.columns = columns;
    this.checkbox = element("input", { type: "checkbox", className: "form-check-input" });
    this.checkbox.addEventListener("change", () => this.run && onSelect(this.run, this.checkbox.checked));
    this.link = element("a", { className: "runs-name" });
    this.results = element("a", { className: "small" });
    this.edit = element("button", { type: "button", className: "btn btn-link p-0 small" }, "Edit");
    this.edit.addEventListener("click", () => this.run && onEdit(this.run));
    this.status = element("span", { className: "run-state" });
    /** @type {Map<string, HTMLElement>} */
    this.cells = new Map(columns.map((column) => [column.name, this.#createCell(column)]));
    const selectCell = element("td", { role: "cell", className: "runs-select" }, this.checkbox);
    this.line = element("tr", { role: "row" }, selectCell, ...this.cells.values());
  }

  /** @param {Column} column */
  #createCell({ name, title, numeric }) {
    if (name === "name") {
      const links = element("span", { className: "runs-links" }, this.results, this.edit);
      return element("th", { scope: "row", role: "rowheader", className: "runs-name-cell" }, this.link, links);
    }
    const properties = { role: "cell", className: numeric ? "num" : "", dataset: { label: title } };
    return name === "status" ? element("td", properties, this.status) : element("td", properties);
  }

  /**
   * @param {Run} run
   * @param {boolean} selected
   */
  update(run, selected) {
    this.run = run;
    this.checkbox.checked = selected;
    setAttribute(this.checkbox, "aria-label", `Compare ${run.name}`);
    setText(this.link, run.name);
    setAttribute(this.link, "href", `/runs/${run.id}`);
    setAttribute(this.link, "title", run.notes ? `${run.name}\n${run.notes}` : run.name);
    setAttribute(this.edit, "aria-label", `Edit ${run.name}`);
    const hasImages = this.hasImages(run);
    const name = hasImages ? "Misclassified" : "Outputs";
    setText(this.results, name);
    setAttribute(this.results, "href", `/runs/${run.id}${hasImages ? "/misclassified" : "#outputs"}`);
    setAttribute(this.results, "aria-label", `${name}: ${run.name}`);
    this.results.hidden = run.epochs_completed === 0;
    setText(this.status, `${STATUS_ICONS[run.status]} ${run.status}`);
    setAttribute(this.status, "data-status", run.status);
    setAttribute(this.status, "title", run.error?.message ?? null);
    for (const column of this.columns) {
      const cell = this.cells.get(column.name);
      if (cell && column.name !== "name" && column.name !== "status") setText(cell, column.text(run));
    }
  }
}
