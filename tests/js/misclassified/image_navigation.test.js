import assert from "node:assert/strict";
import { test } from "node:test";
import { invalidate } from "../../../static/js/core/request_cache.js";
import { ImageNavigation, targetRank } from "../../../static/js/misclassified/image_navigation.js";
import { CODECS } from "../../../static/js/misclassified/view_state.js";

const PAGE = { position: 0, rank: 0, offset: 0, shown: 48, total: 100 };

test("a step leads to the neighbor, also on another page", () => {
  assert.equal(targetRank({ ...PAGE, direction: 1 }), 1);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: 47 }), 48);
  assert.equal(targetRank({ ...PAGE, direction: -1, offset: 48 }), 47);
});

test("only the first and the last image of the whole list have no neighbor on one side", () => {
  assert.equal(targetRank({ ...PAGE, direction: -1 }), null);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: 3, offset: 96, shown: 4 }), null);
  assert.equal(targetRank({ ...PAGE, direction: 1, shown: 0, total: 0 }), null);
});

test("if the image has left the list, the next image has taken its position", () => {
  assert.equal(targetRank({ ...PAGE, direction: 1, position: -1, rank: 5 }), 5);
  assert.equal(targetRank({ ...PAGE, direction: -1, position: -1, rank: 5 }), 4);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: -1, rank: 80 }), 47);
});

/**
 * Return a navigation on the first page of a list, and what it uses.
 * @param {number} opened position of the open image
 */
function openNavigation(opened) {
  const items = Array.from({ length: 48 }, (_, index) => ({ index }));
  const values = /** @type {any} */ ({ image: opened, offset: 0 });
  /** @type {(() => void)[]} */
  const listeners = [];
  /** @type {any[]} */
  const changes = [];
  const view = Object.fromEntries(Object.entries(CODECS).map(([name, codec]) => [name, codec.read(null)]));
  const store = {
    state: { values },
    run: { id: 1 },
    epoch: 1,
    total: 100,
    items,
    view: { ...view, ...values },
    shown: { view: { offset: 0 } },
    openPosition: opened,
    data: { lists: { remember: () => {} } },
    subscribe: (/** @type {string} */ _kind, /** @type {() => void} */ listener) => listeners.push(listener),
    navigate: (/** @type {any} */ change) => changes.push(change),
  };
  const navigation = new ImageNavigation(/** @type {any} */ (store), /** @type {any} */ ({ focused: -1 }));
  for (const listener of listeners) listener();
  return { navigation, store, changes };
}

test("an image that a person opened and that has left the list is followed by the image at its position", async () => {
  const { navigation, store, changes } = openNavigation(10);
  store.openPosition = -1;
  await navigation.step(1);
  assert.deepEqual(changes, [{ offset: 0, image: 10 }]);
});

test("a step to another page does not replace a view that a person has chosen meanwhile", async () => {
  globalThis.fetch = async () => new Response(JSON.stringify({ items: [{ index: 99 }] }));
  const { navigation, store, changes } = openNavigation(47);
  await navigation.step(1);
  assert.deepEqual(changes, [{ offset: 48, image: 99 }]);
  changes.length = 0;
  invalidate(() => true);
  const step = navigation.step(1);
  store.state.values = { ...store.state.values, sort: "loss" };
  await step;
  assert.deepEqual(changes, []);
});
