/** Runs page: a table of all runs, which can be sorted and filtered, and a comparison of the selected runs. */

import { X_AXES } from "../charts/x_axis.js";
import { Comparison, MAX_COMPARED } from "../comparison/comparison.js";
import { api } from "../core/api.js";
import { byId, setText } from "../core/dom.js";
import { counted } from "../core/format.js";
import { choice, integer, integers, text, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { watchRuns } from "../realtime/socket.js";
import { COLUMN_NAMES, createColumns, filterAndSort } from "../runs/run_columns.js";
import { RunDialog } from "../runs/run_dialog.js";
import { RunsTable } from "../runs/runs_table.js";
import { clampOffset, Pagination } from "../ui/pagination.js";
import { clearFailure, showFailure, start } from "./start.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {object} RunsView
 * @property {(typeof COLUMN_NAMES)[number]} sort
 * @property {"desc" | "asc"} order
 * @property {string} filter
 * @property {number} offset
 * @property {number[]} compare
 * @property {"validation" | "test" | "train"} figure
 * @property {import("../charts/x_axis.js").XAxis} x
 */

const PAGE_SIZE = 25;
const RUNS_PER_REQUEST = 500;

/** @type {{[Name in keyof RunsView]: import("../core/url_state.js").Codec<RunsView[Name]>}} */
const CODECS = {
  sort: choice(COLUMN_NAMES),
  order: choice(["desc", "asc"]),
  filter: text(),
  offset: integer(),
  compare: integers(),
  figure: choice(["validation", "test", "train"]),
  x: choice(X_AXES),
};

class RunsPage {
  /** @param {import("../../../types/api.js").DatasetInfo[]} datasets */
  constructor(datasets) {
    /** @type {Map<number, Run>} */
    this.runs = new Map();
    this.loaded = false;
    this.pending = false;
    this.columns = createColumns(new Map(datasets.map(({ name, title }) => [name, title])));
    this.state = new UrlState(CODECS, () => this.show());
    this.paging = new Pagination(byId("paging"), (offset) => this.state.navigate({ offset }));
    this.dialog = new RunDialog({
      onChanged: (run) => this.#updateRun(run),
      onDeleted: (run) => this.#removeRun(run),
    });
    this.table = new RunsTable(byId("runs"), this.columns, {
      onSort: (name) => this.#sort(name),
      onSelect: (run, selected) => this.#selectRun(run, selected),
      onEdit: (run) => this.dialog.open(run),
      hasImages: (run) => !isTable(findDataset(datasets, run)),
    });
    this.comparison = new Comparison(byId("comparison"), datasets, {
      onSplit: (figure) => this.state.navigate({ figure }),
      onXAxis: (x) => this.state.navigate({ x }),
      onError: showFailure,
      onRemove: (id) => this.state.navigate({ compare: this.state.values.compare.filter((other) => other !== id) }),
    });
    this.#listen();
  }

  #listen() {
    /** @type {HTMLInputElement} */
    const filter = byId("filter");
    filter.addEventListener("input", () =>
      this.state.navigate({ filter: filter.value, offset: 0 }, { kind: "filter" }),
    );
    byId("clear").addEventListener("click", () => this.state.navigate({ filter: "", offset: 0 }));
    byId("compare-none").addEventListener("click", () => this.state.navigate({ compare: [] }));
    /** @type {HTMLSelectElement} */
    const sort = byId("sort");
    /** @type {HTMLSelectElement} */
    const order = byId("order");
    sort.append(...this.columns.map(({ name, title }) => new Option(title, name)));
    sort.addEventListener("change", () => this.#sort(sort.value, "desc"));
    order.addEventListener("change", () => this.#sort(this.state.values.sort, order.value === "asc" ? "asc" : "desc"));
  }

  /** Load all runs, and show them. */
  async load() {
    /** @type {Run[]} */
    const runs = [];
    for (;;) {
      const { items, total } = await api.get(`/api/runs?offset=${runs.length}&limit=${RUNS_PER_REQUEST}`);
      runs.push(...items);
      if (runs.length >= total || items.length === 0) break;
    }
    this.runs = new Map(runs.map((run) => [run.id, run]));
    this.loaded = true;
    clearFailure();
    this.show();
  }

  /** Draw the table and the comparison. */
  show() {
    if (!this.loaded) return;
    const view = this.state.values;
    const matching = filterAndSort(this.runs.values(), this.columns, view);
    const offset = clampOffset({ offset: view.offset, limit: PAGE_SIZE, total: matching.length });
    this.table.update(matching.slice(offset, offset + PAGE_SIZE), view);
    this.paging.update({ offset, limit: PAGE_SIZE, total: matching.length });
    byId("none").hidden = this.runs.size > 0;
    byId("listing").hidden = this.runs.size === 0;
    byId("no-match").hidden = matching.length > 0;
    byId("table").hidden = matching.length === 0;
    const all = counted(this.runs.size, "run");
    setText(byId("count"), view.filter.trim() ? `${matching.length} of ${all}` : all);
    setText(byId("no-match-title"), `No run matches “${view.filter.trim()}”`);
    const filter = /** @type {HTMLInputElement} */ (byId("filter"));
    if (filter.value !== view.filter) filter.value = view.filter;
    /** @type {HTMLSelectElement} */ (byId("sort")).value = view.sort;
    /** @type {HTMLSelectElement} */ (byId("order")).value = view.order;
    const selected = view.compare.flatMap((id) => this.runs.get(id) ?? []);
    byId("chosen").hidden = selected.length === 0;
    setText(byId("compare-go"), `Compare ${counted(selected.length, "run")} ↓`);
    this.comparison.update(selected, { split: view.figure, x: view.x });
  }

  /**
   * Sort by a column.
   * @param {string} name
   * @param {"asc" | "desc"} [order] by default the reverse for the current column, or the usual order of another one
   */
  #sort(name, order) {
    const sort = COLUMN_NAMES.find((column) => column === name) ?? "started";
    const { values } = this.state;
    const numeric = this.columns.find((column) => column.name === sort)?.numeric;
    const defaultOrder = numeric ? "desc" : "asc";
    const reversed = values.order === "asc" ? "desc" : "asc";
    this.state.navigate({ sort, order: order ?? (values.sort === sort ? reversed : defaultOrder), offset: 0 });
  }

  /**
   * Select a run for the comparison, or deselect it.
   * @param {Run} run
   * @param {boolean} selected
   */
  #selectRun(run, selected) {
    const others = this.state.values.compare.filter((id) => id !== run.id);
    this.state.navigate({ compare: selected ? [...others, run.id].slice(-MAX_COMPARED) : others });
  }

  /** Add or replace a run. @param {Run} run */
  #updateRun(run) {
    this.runs.set(run.id, run);
    this.#scheduleRedraw();
  }

  /** Remove a deleted run. @param {Run} run */
  #removeRun(run) {
    this.runs.delete(run.id);
    const compare = this.state.values.compare.filter((id) => id !== run.id);
    this.state.navigate({ compare }, { replace: true });
  }

  /** Redraw the page in the next frame. All messages that arrive before it cause a single redraw. */
  #scheduleRedraw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.show();
    });
  }

  /** Follow all runs, and update the durations of running ones every second. */
  watch() {
    watchRuns({
      onStatus: (run) => this.#updateRun(run),
      // The server does not resend changes that the page missed while it was disconnected.
      onConnect: () => start(() => this.load()),
    });
    window.setInterval(() => {
      if ([...this.runs.values()].some((run) => run.status === "running")) this.#scheduleRedraw();
    }, 1000);
  }
}

start(async () => {
  const page = new RunsPage((await api.get("/api/datasets")).items);
  page.watch();
  await page.load();
});
