/** Runs page: a table of all runs, which can be sorted and filtered, and a comparison of the selected runs. */

import { plotly } from "../charts/plotly_loader.js";
import { X_AXES } from "../charts/x_axis.js";
import { Comparison } from "../comparison/comparison.js";
import { LIMIT_REACHED, limitCompared, MAX_COMPARED } from "../comparison/limit.js";
import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { html, live, render } from "../core/html.js";
import { choice, integer, integers, text, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { DeletionNotice } from "../realtime/deleted_runs.js";
import { watchRuns } from "../realtime/socket.js";
import { COLUMN_NAMES, COLUMNS } from "../runs/run_columns.js";
import { RunDialog } from "../runs/run_dialog.js";
import { listUrl, PAGE_SIZE, RunList } from "../runs/run_list.js";
import { RunsTable } from "../runs/runs_table.js";
import { selectOptions } from "../ui/choices.js";
import { Pagination } from "../ui/pagination.js";
import { clearFailure, showFailure, start } from "./start.js";

/** @import {DatasetInfo, Run} from "../../../types/api.js" */
/** @import {ValuesOf} from "../core/url_state.js" */

const MAX_FILTER_LENGTH = 500; // the server accepts no longer one

const CODECS = {
  sort: choice(COLUMN_NAMES),
  order: choice(["desc", "asc"]),
  filter: text(MAX_FILTER_LENGTH),
  offset: integer(),
  compare: integers(),
  figure: choice(["validation", "test", "train"]),
  x: choice(X_AXES),
};

/** @typedef {ValuesOf<typeof CODECS>} RunsView */

/** @type {[RunsView["sort"], string][]} */
const SORTS = COLUMNS.map(({ name, title }) => [name, title]);
/** @type {[RunsView["order"], string][]} */
const ORDERS = [
  ["desc", "descending"],
  ["asc", "ascending"],
];

class RunsPage {
  /** @param {DatasetInfo[]} datasets @param {UrlState<RunsView>} state @param {RunList} list */
  constructor(datasets, state, list) {
    this.state = state;
    this.list = list;
    this.pending = false;
    /** True after a person selected one run too many. */
    this.refused = false;
    // A link to compared runs opens the comparison. On the page, only its button does, so that the table does not move.
    this.comparing = state.values.compare.length > 0;
    const titles = new Map(datasets.map(({ name, title }) => [name, title]));
    this.paging = new Pagination(byId("paging"), (offset) => state.navigate({ offset }));
    this.notice = new DeletionNotice(byId("deleted"));
    this.dialog = new RunDialog({ onChanged: (run) => list.receive(run), onDeleted: (run) => this.#removeRun(run.id) });
    this.table = new RunsTable(byId("runs"), titles, {
      onSort: (column) => this.#reverseOrSort(column),
      onSelect: (run, selected) => this.#selectRun(run, selected),
      onEdit: (run) => this.dialog.open(run),
      hasImages: (run) => !isTable(findDataset(datasets, run)),
    });
    this.comparison = new Comparison(byId("comparison"), datasets, {
      onSplit: (figure) => state.navigate({ figure }),
      onXAxis: (x) => state.navigate({ x }),
      onRemove: (id) => this.#compare(this.#compared().compared.filter((other) => other !== id)),
      onClose: () => this.#closeComparison(),
      onError: showFailure,
    });
    state.onChange = (view) => this.#navigate(view);
    list.onChange = () => {
      this.removeAbsent();
      this.#redrawSoon();
    };
    list.onError = showFailure;
  }

  /** Show another view, and load its runs if they are not on the page. @param {RunsView} view */
  #navigate(view) {
    this.comparing &&= view.compare.length > 0;
    this.refused = false;
    const { list } = this;
    start(() => loadCompared(list, view.compare));
    if (!list.view || listUrl(view) !== listUrl(list.view)) this.#load(view);
    this.show();
  }

  /** Load the page of a view, by default the shown one, and the compared runs again. @param {RunsView} [view] */
  #load(view) {
    return start(async () => {
      await Promise.all([this.list.load(view), view ? null : this.list.loadRuns(this.#compared().compared)]);
      clearFailure();
    });
  }

  /** Draw the table and the comparison. */
  show() {
    const view = this.state.values;
    const { offset, total, stored } = this.list;
    byId("none").hidden = stored > 0;
    byId("listing").hidden = stored === 0;
    byId("table").hidden = total === 0;
    byId("no-match").hidden = total > 0;
    this.#showTools(view);
    this.#showTable();
    this.paging.update({ offset, limit: PAGE_SIZE, total });
    const { compared, note } = this.#compared();
    const selected = this.list.select(compared);
    this.#showSelection(selected.length, note);
    this.comparison.update(this.comparing ? selected : [], { split: view.figure, x: view.x }, note);
  }

  #showTable() {
    this.table.update(this.list.runs, { ...this.state.values, compare: this.#compared().compared });
  }

  /** Return the ids of the compared runs, and a note about the others in the address. */
  #compared() {
    return limitCompared(this.state.values.compare, (id) => this.list.absent.has(id));
  }

  /** Draw the filter, the order and the number of runs, and the message that no run matches. @param {RunsView} view */
  #showTools({ filter, sort, order }) {
    const all = counted(this.list.stored, "run");
    const found = this.list.filter ? `${count(this.list.total)} of ${all}` : all;
    const setFilter = (/** @type {string} */ value, kind = "") =>
      this.state.navigate({ filter: value, offset: 0 }, { kind });
    render(
      html`<label class="runs-filter">
          <span class="visually-hidden">Filter</span>
          <input class="form-control" type="search" placeholder="Filter: name, status, diagnosis, data set…"
            maxlength=${MAX_FILTER_LENGTH} autocomplete="off" spellcheck="false" .value=${live(filter)}
            @input=${(/** @type {InputEvent} */ event) => setFilter(inputValue(event), "filter")} />
        </label>
        ${sortSelect("Sort by", SORTS, sort, (name) => this.#sort(name, "desc"))}
        ${sortSelect("Order", ORDERS, order, (name) => this.#sort(sort, name))}
        <p class="num text-body-secondary mb-0" id="count" role="status">${found}</p>`,
      byId("tools"),
    );
    render(
      html`<h2>No run matches “${this.list.filter}”</h2>
        <p>A run matches if each word of the filter occurs in its row or in its notes.</p>
        <button class="btn btn-primary" type="button" @click=${() => setFilter("")}>Show every run</button>`,
      byId("no-match"),
    );
  }

  /**
   * Draw the bar of the selected runs.
   * @param {number} selected number of selected runs
   * @param {string} note sentence about runs that are not compared
   */
  #showSelection(selected, note) {
    byId("selection").hidden = selected === 0 && note === "";
    const compare = () => {
      this.comparing = true;
      this.show();
      this.comparison.focus();
    };
    render(
      html`<button class="btn btn-primary btn-sm num" type="button" ?hidden=${selected === 0} @click=${compare}>
          Compare ${counted(selected, "run")}
        </button>
        <button class="btn btn-link btn-sm" type="button" @click=${() => this.#compare([])}>Clear selection</button>
        <p class="small mb-0" role="status">${this.refused ? LIMIT_REACHED : note}</p>`,
      byId("selection"),
    );
  }

  /** Select other runs for the comparison. @param {number[]} compare */
  #compare(compare) {
    this.state.navigate({ compare });
    if (compare.length === 0) byId("table-region").focus({ preventScroll: true }); // the focused button is hidden now
  }

  #closeComparison() {
    this.comparing = false;
    this.show();
    byId("selection").querySelector("button")?.focus();
  }

  /** Sort by a column in its usual order, or reverse the order. @param {import("../runs/run_columns.js").Column} column */
  #reverseOrSort({ name, numeric }) {
    const { sort, order } = this.state.values;
    const reversed = order === "asc" ? "desc" : "asc";
    this.#sort(name, sort === name ? reversed : numeric ? "desc" : "asc");
  }

  /** @param {RunsView["sort"]} sort @param {RunsView["order"]} order */
  #sort(sort, order) {
    this.state.navigate({ sort, order, offset: 0 });
  }

  /**
   * Select a run for the comparison, or deselect it. One run too many is not selected.
   * @param {Run} run
   * @param {boolean} selected
   */
  #selectRun(run, selected) {
    plotly(); // it is ready when the comparison opens
    const others = this.#compared().compared.filter((id) => id !== run.id);
    this.refused = selected && others.length >= MAX_COMPARED;
    if (this.refused) this.show();
    else this.state.navigate({ compare: selected ? [...others, run.id] : others });
  }

  /** Remove a deleted run. @param {number} id */
  #removeRun(id) {
    this.state.navigate({ compare: this.state.values.compare.filter((other) => other !== id) }, { replace: true });
    this.list.remove(id);
  }

  /** Remove a run that was deleted on another page, and say so if this page shows it. @param {number} id */
  #handleDeletion(id) {
    const isShown = this.list.ids.includes(id) || this.state.values.compare.includes(id);
    if (isShown && !this.list.absent.has(id)) this.notice.add(id, this.list.known.get(id)?.name);
    this.#removeRun(id);
  }

  /** Remove compared runs that do not exist, and say so. */
  removeAbsent() {
    const { compare } = this.state.values;
    const existing = compare.filter((id) => !this.list.absent.has(id));
    if (existing.length === compare.length) return;
    for (const id of compare) if (this.list.absent.has(id)) this.notice.add(id, this.list.known.get(id)?.name);
    this.state.navigate({ compare: existing }, { replace: true });
  }

  /** Redraw the page in the next frame. All messages that arrive before it cause a single redraw. */
  #redrawSoon() {
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
      onStatus: (run) => this.list.receive(run),
      onDeleted: (id) => id !== this.dialog.deleting && this.#handleDeletion(id),
      onMissed: () => this.#load(),
    });
    const isRunning = (/** @type {Run} */ run) => run.status === "running";
    window.setInterval(() => this.list.runs.some(isRunning) && this.#showTable(), 1000);
  }
}

/**
 * Load the compared runs that are not known. If one does not exist, the next of the address takes its place.
 * @param {RunList} list
 * @param {number[]} ids
 */
async function loadCompared(list, ids) {
  const unknown = () => limitCompared(ids, (id) => list.absent.has(id)).compared.filter((id) => !list.known.has(id));
  for (let missing = unknown(); missing.length; missing = unknown()) await list.loadRuns(missing);
}

/** Return the value of the input or select of an event. @param {Event} event */
const inputValue = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.currentTarget).value;

/**
 * Return a select for the order of the runs, which replaces the buttons of the column headings on narrow screens.
 * @template {string} Name
 * @param {string} label
 * @param {readonly (readonly [Name, string])[]} options
 * @param {Name} selected
 * @param {(name: Name) => void} onChoose
 */
function sortSelect(label, options, selected, onChoose) {
  const choose = (/** @type {Event} */ event) => onChoose(/** @type {Name} */ (inputValue(event)));
  return html`<label class="runs-sort small">
    <span class="fw-semibold text-body-secondary">${label}</span>
    <select class="form-select form-select-sm" @change=${choose}>${selectOptions(options, selected)}</select>
  </label>`;
}

start(async () => {
  /** @type {UrlState<RunsView>} */
  const state = new UrlState(CODECS);
  const list = new RunList();
  if (state.values.compare.length) plotly(); // a link opens the comparison
  const [datasets] = await Promise.all([
    api.get("/api/datasets"),
    list.load(state.values),
    loadCompared(list, state.values.compare),
  ]);
  const page = new RunsPage(datasets.items, state, list);
  page.removeAbsent();
  page.show();
  page.watch();
});
