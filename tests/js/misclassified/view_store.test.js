import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ViewStore } from "../../../static/js/misclassified/view_store.js";
import { exampleRun } from "../support/example_run.js";

/** @typedef {import("../../../static/js/misclassified/view_state.js").ImageView} ImageView */
/** @typedef {{epoch: number, view: ImageView, respond: (total: number) => void, fail: (error: unknown) => void}} Load */

/** Loads that wait for their responses. @type {Load[]} */
let loads = [];

const data = {
  /** @param {number} epoch @param {ImageView} view */
  load: (epoch, view) =>
    new Promise((resolve, fail) => {
      const respond = (/** @type {number} */ total) =>
        resolve({ matrix: {}, list: { total, items: [{ index: 7 }, { index: 9 }] }, item: null, problem: null });
      loads.push({ epoch, view, respond, fail });
    }),
};

beforeEach(() => {
  loads = [];
  const location = { pathname: "/runs/1/misclassified", search: "" };
  const navigate = (/** @type {unknown} */ _state, /** @type {string} */ _title, /** @type {string} */ url) => {
    location.search = url.slice(location.pathname.length);
  };
  Object.assign(globalThis, {
    location,
    history: { pushState: navigate, replaceState: navigate },
    window: { addEventListener: () => {}, setTimeout, clearTimeout },
    requestAnimationFrame: setTimeout,
  });
});

/** Return a store of a run with some completed epochs. */
function createStore(completed = 3) {
  const series = { epochs: Array.from({ length: completed }) };
  return new ViewStore(
    /** @type {any} */ ({ run: exampleRun(), series, classNames: ["a", "b"] }),
    /** @type {any} */ (data),
  );
}

/** Let all promises that can be settled settle. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

test("subscribers learn of the view at once, and of the responses when they arrive", async () => {
  const store = createStore();
  /** @type {string[]} */
  const changes = [];
  store.subscribe("view", () => changes.push(`view ${store.busy}`));
  store.subscribe("data", () => changes.push(`data ${store.busy}`));
  const loaded = store.load();
  assert.deepEqual(changes, ["view true"]);
  loads[0]?.respond(2);
  await loaded;
  assert.deepEqual(changes, ["view true", "data false"]);
  assert.deepEqual([store.epoch, store.total, store.items.length], [3, 2, 2]);
});

test("nothing is loaded before the first epoch is complete", async () => {
  const store = createStore(0);
  await store.load();
  assert.deepEqual([loads.length, store.busy, store.shown], [0, false, null]);
});

test("a filter leads to the first page without an open image, and unknown classes are no filter", () => {
  globalThis.location.search = "?true=5&offset=48&image=7";
  const store = createStore();
  assert.deepEqual([store.view.true, store.view.offset, store.view.image], [null, 48, 7]);
  store.filter({ true: 1 });
  assert.equal(globalThis.location.search, "?true=1");
});

test("responses for an earlier view are ignored", async () => {
  const store = createStore();
  void store.load();
  store.filter({ true: 1 });
  const [older, newer] = loads;
  newer?.respond(5);
  await settle();
  older?.respond(2);
  await settle();
  assert.deepEqual([store.total, store.shown?.view.true], [5, 1]);
});

test("an offset behind the last page leads to the last page", async () => {
  globalThis.location.search = "?offset=480";
  const store = createStore();
  void store.load();
  loads[0]?.respond(50);
  await settle();
  assert.equal(globalThis.location.search, "?offset=48");
  assert.equal(loads[1]?.view.offset, 48);
});

test("an error keeps the responses on display, and the next responses end it", async () => {
  const store = createStore();
  void store.load();
  loads[0]?.respond(2);
  await settle();
  store.filter({ true: 1 });
  loads[1]?.fail(new Error("No."));
  await settle();
  assert.deepEqual([String(store.problem), store.total, store.busy], ["Error: No.", 2, false]);
  store.filter({ true: 0 });
  loads[2]?.respond(1);
  await settle();
  assert.deepEqual([store.problem, store.total], [null, 1]);
});

test("a step to another epoch waits until the previous step is visible", async () => {
  const store = createStore();
  void store.load();
  loads[0]?.respond(2);
  await settle();
  store.navigate({ epoch: 2 });
  await settle();
  store.navigate({ epoch: 1 });
  await settle();
  assert.deepEqual(loads.map(({ epoch }) => epoch).slice(1), [2]);
  loads[1]?.respond(2);
  while (loads.length < 3) await settle();
  assert.equal(loads[2]?.epoch, 1);
});

test("guess mode lists all images, and the previous view returns afterwards", async () => {
  globalThis.location.search = "?true=1";
  const store = createStore();
  const started = store.setGuessMode(true);
  assert.equal(globalThis.location.search, "?answer=any&order=asc&guess=true");
  for (const load of loads) load.respond(2);
  assert.deepEqual(await started, { index: 7 });
  void store.setGuessMode(false);
  assert.equal(globalThis.location.search, "?true=1");
});

test("a size that a person has searched for stays with its image and its epoch", async () => {
  const store = createStore();
  const show = async () => {
    const loaded = store.load();
    await settle();
    loads.at(-1)?.respond(2);
    await loaded;
  };
  await show();
  store.rememberSize(9, 3, 0.25);
  assert.deepEqual(
    store.items.map(({ change }) => change),
    [undefined, 0.25],
  );
  await show();
  assert.equal(store.items[1].change, 0.25, "also in a list that is loaded later");
  store.navigate({ epoch: 1 });
  await show();
  assert.equal(store.items[1].change, undefined, "not in another epoch");
});
