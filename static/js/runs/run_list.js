/** Shown page of the list of runs. The server filters and sorts the list and divides it into pages. */

import { api, isMissing } from "../core/api.js";
import { clampOffset } from "../ui/pagination.js";

/**
 * @import {Run, RunSortKey} from "../../../types/api.js"
 *
 * @typedef {object} ListView
 * @property {RunSortKey} sort
 * @property {"desc" | "asc"} order
 * @property {string} filter
 * @property {number} offset
 */

export const PAGE_SIZE = 25;
const RELOAD_INTERVAL = 1000; // ms; changed runs cause no reload within this time after the previous one
const ALL_RUNS = "/api/runs?limit=1";
const CHANGED_BY_TRAINING = ["epochs", "test_accuracy", "validation_accuracy", "train_cost", "duration"];

/**
 * Return the URL of a page of runs.
 * @param {ListView} view
 * @param {number} [utcOffset] minutes from UTC to the user's clock, because the filter also finds times
 */
export function listUrl({ sort, order, filter, offset }, utcOffset = -new Date().getTimezoneOffset()) {
  const query = new URLSearchParams({ sort, order, offset: String(pageOffset(offset)), limit: String(PAGE_SIZE) });
  if (filter.trim()) {
    query.set("query", filter.trim());
    query.set("utc_offset", String(utcOffset));
  }
  return `/api/runs?${query}`;
}

/**
 * Return the offset of the page that contains a run.
 * @param {number} offset
 * @param {number} [total] number of all runs
 */
function pageOffset(offset, total = Infinity) {
  return clampOffset({ offset, limit: PAGE_SIZE, total });
}

/**
 * Return true if a changed run may belong to another position of the list.
 * @param {Run | undefined} before
 * @param {Run} after
 * @param {ListView} view
 */
export function changesList(before, after, { sort, filter }) {
  if (before?.status !== after.status || before.name !== after.name || before.notes !== after.notes) return true;
  return filter.trim() !== "" || CHANGED_BY_TRAINING.includes(sort);
}

export class RunList {
  /** @param {{get: (path: string) => Promise<any>}} [requests] */
  constructor(requests = api) {
    this.requests = requests;
    /** All runs that the page has received, by id. @type {Map<number, Run>} */
    this.known = new Map();
    /** Ids of runs that do not exist. @type {Set<number>} */
    this.absent = new Set();
    /** Ids of the runs on the shown page, in order. @type {number[]} */
    this.ids = [];
    this.offset = 0;
    this.filter = "";
    this.total = 0; // number of runs that match the filter
    this.stored = 0; // number of all runs
    /** View that is shown or loaded. @type {ListView | null} */
    this.view = null;
    this.onChange = () => {};
    /** Called if a repeated request fails. @type {(error: unknown) => void} */
    this.onError = () => {};
    this.loading = false;
    this.outdated = false;
    this.lastLoad = -Infinity;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Runs on the shown page. */
  get runs() {
    return this.select(this.ids);
  }

  /** Return the known runs with these ids, except deleted ones. @param {readonly number[]} ids */
  select(ids) {
    return ids.flatMap((id) => (this.absent.has(id) ? [] : (this.known.get(id) ?? [])));
  }

  /**
   * Load the page of a view, by default the shown one. Send one request at a time: while one is pending, a call only
   * causes another request after it.
   * @param {ListView} [view]
   * @throws {import("../core/api.js").ApiError} if the request fails
   */
  async load(view) {
    this.view = view ?? this.view;
    this.outdated = true;
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.view && this.outdated) {
        this.outdated = false;
        await this.#loadPage(this.view);
      }
    } finally {
      this.loading = false;
    }
  }

  /** @param {ListView} view */
  async #loadPage(view) {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastLoad = Date.now();
    const all = view.filter.trim() ? this.requests.get(ALL_RUNS) : null;
    let [page, every] = await Promise.all([this.requests.get(listUrl(view)), all]);
    const offset = pageOffset(view.offset, page.total);
    if (offset < pageOffset(view.offset)) page = await this.requests.get(listUrl({ ...view, offset }));
    if (this.outdated) return;
    for (const run of page.items) this.known.set(run.id, run);
    this.ids = page.items.map((/** @type {Run} */ { id }) => id);
    Object.assign(this, { offset, total: page.total, stored: (every ?? page).total, filter: view.filter.trim() });
    this.onChange();
  }

  /**
   * Load runs that may not be on the page, such as compared ones. Runs that do not exist stay unknown.
   * @param {readonly number[]} ids
   */
  async loadRuns(ids) {
    const existing = ids.filter((id) => !this.absent.has(id));
    await Promise.all(existing.map((id) => this.#loadRun(id)));
    if (existing.length) this.onChange();
  }

  /** @param {number} id */
  async #loadRun(id) {
    try {
      this.known.set(id, await this.requests.get(`/api/runs/${id}`));
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.absent.add(id);
    }
  }

  /** Show a changed run, and load the page again if the order may have changed. @param {Run} run */
  receive(run) {
    if (this.absent.has(run.id)) return; // the response was on its way when the run was deleted
    const before = this.known.get(run.id);
    this.known.set(run.id, run);
    this.onChange();
    if (this.view && changesList(before, run, this.view)) this.#reloadSoon();
  }

  /** Remove a deleted run. @param {number} id */
  remove(id) {
    this.known.delete(id);
    this.absent.add(id);
    this.onChange();
    this.#reloadSoon();
  }

  #reloadSoon() {
    const delay = Math.max(0, this.lastLoad + RELOAD_INTERVAL - Date.now());
    this.timer ??= setTimeout(() => this.load().catch(this.onError), delay);
  }
}
