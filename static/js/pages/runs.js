/** The runs page: every run in a table that sorts, filters and stays up to date, and some of them side by side. */

import { X_AXES } from "../charts/x_axis.js";
import { Comparison, MOST_COMPARED } from "../comparison/comparison.js";
import { api } from "../core/api.js";
import { byId, setText } from "../core/dom.js";
import { counted } from "../core/format.js";
import { choice, integer, integers, text, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { watchRuns } from "../realtime/socket.js";
import { arrange, COLUMN_NAMES, columns } from "../runs/run_columns.js";
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
const RUNS_AT_ONCE = 500;

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
    this.columns = columns(new Map(datasets.map(({ name, title }) => [name, title])));
    this.state = new UrlState(CODECS, () => this.show());
    this.paging = new Pagination(byId("paging"), (offset) => this.state.navigate({ offset }));
    this.dialog = new RunDialog({
      onChanged: (run) => this.#hear(run),
      onDeleted: (run) => this.#forget(run),
    });
    this.table = new RunsTable(byId("runs"), this.columns, {
      onSort: (name) => this.#sort(name),
      onChoose: (run, chosen) => this.#choose(run, chosen),
      onEdit: (run) => this.dialog.open(run),
      hasPictures: (run) => !isTable(findDataset(datasets, run)),
    });
    this.comparison = new Comparison(byId("comparison"), datasets, {
      onFigure: (figure) => this.state.navigate({ figure }),
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

  async load() {
    /** @type {Run[]} */
    const found = [];
    for (;;) {
      const { items, total } = await api.get(`/api/runs?offset=${found.length}&limit=${RUNS_AT_ONCE}`);
      found.push(...items);
      if (found.length >= total || items.length === 0) break;
    }
    this.runs = new Map(found.map((run) => [run.id, run]));
    this.loaded = true;
    clearFailure();
    this.show();
  }

  /** Draw the table and what is compared, from what is known. */
  show() {
    if (!this.loaded) return;
    const view = this.state.values;
    const found = arrange(this.runs.values(), this.columns, view);
    const offset = clampOffset({ offset: view.offset, limit: PAGE_SIZE, total: found.length });
    this.table.update(found.slice(offset, offset + PAGE_SIZE), view);
    this.paging.update({ offset, limit: PAGE_SIZE, total: found.length });
    byId("none").hidden = this.runs.size > 0;
    byId("listing").hidden = this.runs.size === 0;
    byId("no-match").hidden = found.length > 0;
    byId("table").hidden = found.length === 0;
    const all = counted(this.runs.size, "run");
    setText(byId("count"), view.filter.trim() ? `${found.length} of ${all}` : all);
    setText(byId("no-match-title"), `No run matches “${view.filter.trim()}”`);
    const filter = /** @type {HTMLInputElement} */ (byId("filter"));
    if (filter.value !== view.filter) filter.value = view.filter;
    /** @type {HTMLSelectElement} */ (byId("sort")).value = view.sort;
    /** @type {HTMLSelectElement} */ (byId("order")).value = view.order;
    const chosen = view.compare.flatMap((id) => this.runs.get(id) ?? []);
    byId("chosen").hidden = chosen.length === 0;
    setText(byId("compare-go"), `Compare ${counted(chosen.length, "run")} ↓`);
    this.comparison.update(chosen, view);
  }

  /**
   * @param {string} name
   * @param {"asc" | "desc"} [order] without it: the other one when the column is sorted by already
   */
  #sort(name, order) {
    const sort = COLUMN_NAMES.find((column) => column === name) ?? "started";
    const { values } = this.state;
    const numeric = this.columns.find((column) => column.name === sort)?.numeric;
    const first = numeric ? "desc" : "asc";
    const turned = values.order === "asc" ? "desc" : "asc";
    this.state.navigate({ sort, order: order ?? (values.sort === sort ? turned : first), offset: 0 });
  }

  /**
   * @param {Run} run
   * @param {boolean} chosen
   */
  #choose(run, chosen) {
    const others = this.state.values.compare.filter((id) => id !== run.id);
    this.state.navigate({ compare: chosen ? [...others, run.id].slice(-MOST_COMPARED) : others });
  }

  /** @param {Run} run */
  #hear(run) {
    this.runs.set(run.id, run);
    this.#refresh();
  }

  /** @param {Run} run */
  #forget(run) {
    this.runs.delete(run.id);
    const compare = this.state.values.compare.filter((id) => id !== run.id);
    this.state.navigate({ compare }, { replace: true });
  }

  /** Draw once however many messages come before the next frame. */
  #refresh() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.show();
    });
  }

  watch() {
    watchRuns({
      onStatus: (run) => this.#hear(run),
      // Nothing repeats the changes that happened without a connection.
      onConnect: () => start(() => this.load()),
    });
    window.setInterval(() => {
      if ([...this.runs.values()].some((run) => run.status === "running")) this.#refresh();
    }, 1000);
  }
}

start(async () => {
  const page = new RunsPage((await api.get("/api/datasets")).items);
  page.watch();
  await page.load();
});
