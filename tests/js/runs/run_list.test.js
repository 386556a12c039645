import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ApiError } from "../../../static/js/core/api.js";
import { changesList, listUrl, RunList } from "../../../static/js/runs/run_list.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../static/js/runs/run_list.js").ListView} ListView
 */

/** @type {ListView} */
const VIEW = { sort: "started", order: "desc", filter: "", offset: 0 };

/** @param {number} id @param {Partial<Run>} [values] */
const run = (id, values = {}) =>
  /** @type {Run} */ ({ id, name: `Run ${id}`, notes: "", status: "running", epochs_completed: 1, ...values });

/**
 * Return a list whose requests stay pending until the test answers them.
 * @param {Partial<ListView>} [view]
 */
function createList(view) {
  /** @type {{path: string, resolve: (answer: unknown) => void, reject: (error: unknown) => void}[]} */
  const requests = [];
  const get = (/** @type {string} */ path) =>
    new Promise((resolve, reject) => requests.push({ path, resolve, reject }));
  const list = new RunList({ get });
  const loaded = view ? list.load({ ...VIEW, ...view }) : Promise.resolve();
  return { list, requests, loaded };
}

const realSetTimeout = globalThis.setTimeout;
afterEach(() => {
  globalThis.setTimeout = realSetTimeout;
});

/** Let the callbacks of settled promises run. */
const settle = () => new Promise((resolve) => realSetTimeout(resolve));

test("the URL of a page has its order and its first run", () => {
  assert.equal(listUrl(VIEW), "/api/runs?sort=started&order=desc&offset=0&limit=25");
  assert.equal(listUrl({ ...VIEW, offset: 60 }), "/api/runs?sort=started&order=desc&offset=50&limit=25");
});

test("the URL of a filtered page has the words of the filter and the time zone", () => {
  const url = listUrl({ ...VIEW, filter: " 97% l-bfgs ", sort: "name", order: "asc" }, 60);
  assert.equal(url, "/api/runs?sort=name&order=asc&offset=0&limit=25&query=97%25+l-bfgs&utc_offset=60");
  assert.equal(listUrl({ ...VIEW, filter: "  " }), listUrl(VIEW));
});

test("a change may move a run unless only its metrics changed and they do not decide the order", () => {
  const before = run(1);
  assert.equal(changesList(undefined, before, VIEW), true);
  assert.equal(changesList(before, run(1, { status: "finished" }), VIEW), true);
  assert.equal(changesList(before, run(1, { name: "Fast" }), VIEW), true);
  assert.equal(changesList(before, run(1, { notes: "again" }), VIEW), true);
  assert.equal(changesList(before, run(1, { epochs_completed: 2 }), VIEW), false);
  assert.equal(changesList(before, run(1, { epochs_completed: 2 }), { ...VIEW, sort: "train_cost" }), true);
  assert.equal(changesList(before, run(1, { epochs_completed: 2 }), { ...VIEW, filter: "2 of" }), true);
});

test("a page of runs is loaded", async () => {
  const { list, requests, loaded } = createList({});
  requests[0].resolve({ items: [run(3), run(2)], total: 40 });
  await loaded;
  assert.deepEqual([list.ids, list.total, list.stored, list.offset], [[3, 2], 40, 40, 0]);
  assert.deepEqual(
    list.runs.map(({ name }) => name),
    ["Run 3", "Run 2"],
  );
});

test("with a filter, the number of all runs is loaded too", async () => {
  const { list, requests, loaded } = createList({ filter: "fast" });
  const [all, page] = requests;
  assert.equal(all.path, "/api/runs?limit=1");
  all.resolve({ items: [run(9)], total: 9 });
  page.resolve({ items: [], total: 0 });
  await loaded;
  assert.deepEqual([list.ids, list.total, list.stored], [[], 0, 9]);
});

test("an offset beyond the last page loads the last page", async () => {
  const { list, requests, loaded } = createList({ offset: 100 });
  requests[0].resolve({ items: [], total: 30 });
  await settle();
  assert.match(requests[1].path, /offset=25&/);
  requests[1].resolve({ items: [run(1)], total: 30 });
  await loaded;
  assert.equal(list.offset, 25);
});

test("only the newest of several views is loaded after the pending request", async () => {
  const { list, requests, loaded } = createList({ filter: "" });
  for (const filter of ["f", "fa", "fas"]) await list.load({ ...VIEW, filter });
  assert.equal(requests.length, 1);
  requests[0].resolve({ items: [run(1)], total: 1 });
  await settle();
  assert.deepEqual(list.ids, []);
  assert.match(requests[2].path, /query=fas&/);
  requests[1].resolve({ items: [], total: 5 });
  requests[2].resolve({ items: [run(2)], total: 1 });
  await loaded;
  assert.deepEqual([list.ids, list.stored, requests.length], [[2], 5, 3]);
});

test("a deleted run is removed at once", async () => {
  const { list, requests, loaded } = createList({});
  requests[0].resolve({ items: [run(2), run(1)], total: 2 });
  await loaded;
  list.remove(2);
  clearTimeout(list.timer);
  assert.deepEqual(list.runs, [run(1)]);
  list.receive(run(2)); // an answer from before the deletion
  assert.deepEqual(list.select([1, 2]), [run(1)]);
});

test("a failed request throws, and the next one works", async () => {
  const { list, requests, loaded } = createList({});
  requests[0].reject(new ApiError(0, "unreachable", "No server.", {}));
  await assert.rejects(loaded, /No server/);
  const again = list.load();
  requests[1].resolve({ items: [run(1)], total: 1 });
  await again;
  assert.deepEqual(list.ids, [1]);
});

test("changed runs are shown at once, and reload the page at most once a second", async () => {
  /** @type {{action: () => void, delay: number}[]} */
  const timers = [];
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {() => void} */ action, /** @type {number} */ delay) => timers.push({ action, delay })
  );
  const { list, requests, loaded } = createList({});
  requests[0].resolve({ items: [run(1)], total: 1 });
  await loaded;
  list.receive(run(1, { epochs_completed: 7 }));
  assert.equal(list.runs[0].epochs_completed, 7);
  assert.equal(timers.length, 0);
  for (const id of [2, 3, 4]) list.receive(run(id));
  assert.equal(timers.length, 1);
  assert(timers[0].delay > 900 && timers[0].delay <= 1000);
  timers[0].action();
  assert.equal(requests.length, 2);
  list.receive(run(5));
  assert.equal(timers.length, 2);
  assert(timers[1].delay > 900);
});

test("compared runs are loaded one by one, and a run that does not exist is left out", async () => {
  const { list, requests } = createList();
  const loaded = list.loadRuns([4, 5]);
  requests[0].resolve(run(4));
  requests[1].reject(new ApiError(404, "not_found", "There is no run 5.", {}));
  await loaded;
  assert.deepEqual(
    list.select([5, 4]).map(({ id }) => id),
    [4],
  );
  await list.loadRuns([5]);
  assert.equal(requests.length, 2);
  const again = list.loadRuns([4]);
  requests[2].reject(new ApiError(404, "not_found", "There is no run 4.", {}));
  await again;
  assert.deepEqual(list.select([4]), []);
});
