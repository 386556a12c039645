import assert from "node:assert/strict";
import { test } from "node:test";
import { AnnotationStore } from "../../../static/js/annotations/annotation_store.js";
import { serve } from "./server.js";

/**
 * Return a store, the requests it sends, and what it reports. The server stores every change, unless `isRejected`.
 * @param {(body: any) => boolean} [isRejected]
 */
function createStore(isRejected = () => false) {
  const requests = serve(({ body: { indices, ...values } }) =>
    isRejected({ indices, ...values })
      ? new Error("label must be a class")
      : { items: indices.map((/** @type {number} */ index) => ({ index, ...store.get(index), ...values })) },
  );
  /** @type {{changed: number[][], saved: number[][], problems: string[]}} */
  const reports = { changed: [], saved: [], problems: [] };
  const store = new AnnotationStore({
    dataset: "8x8 digits",
    onChanged: (indices) => reports.changed.push(indices),
    onSaved: (indices) => reports.saved.push(indices),
    onProblem: (message) => reports.problems.push(message),
  });
  return { store, requests, reports };
}

test("a change is visible immediately, then saved", async () => {
  const { store, requests, reports } = createStore();
  const saved = store.setFlag([3]);
  assert.deepEqual(store.get(3), { flagged: true, label: null, note: "" });
  assert.deepEqual([reports.changed, reports.saved], [[[3]], []]);
  assert.equal(await saved, true);
  assert.deepEqual(requests, [
    { method: "PATCH", path: "/api/datasets/8x8%20digits/test/annotations", body: { indices: [3], flagged: true } },
  ]);
  assert.deepEqual([store.get(3).flagged, reports.saved], [true, [[3]]]);
});

test("a rejected change is reverted and reported", async () => {
  const { store, reports } = createStore(() => true);
  assert.equal(await store.setLabel([3], 99), false);
  assert.equal(store.get(3).label, null);
  assert.deepEqual([reports.problems, store.undoDescription], [["label must be a class"], null]);
});

test("flagging flags all images, and unflags them only if all are flagged", async () => {
  const { store } = createStore();
  await store.setFlag([1]);
  await store.setFlag([1, 2, 2]);
  assert.deepEqual([store.get(1).flagged, store.get(2).flagged], [true, true]);
  await store.setFlag([1, 2]);
  assert.deepEqual([store.get(1).flagged, store.get(2).flagged], [false, false]);
});

test("undo restores the value of each image and describes the change", async () => {
  const { store } = createStore();
  await store.setLabel([1, 2], 5);
  await store.setLabel([3], 6);
  await store.setLabel([1, 2, 3], 0);
  assert.equal(store.undoDescription, "labeling 3 images");
  assert.equal(store.undo(), "labeling 3 images");
  await store.sending;
  assert.deepEqual(
    [1, 2, 3].map((index) => store.get(index).label),
    [5, 5, 6],
  );
  assert.equal(store.undo(), "labeling image 3");
  assert.equal(store.undo(), "labeling 2 images");
  assert.equal(store.undo(), null);
});

test("a rejected undo can be repeated", async () => {
  let isDown = false;
  const { store } = createStore(() => isDown);
  await store.setFlag([1]);
  isDown = true;
  store.undo();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([store.get(1).flagged, store.undoDescription], [true, "flagging image 1"]);
});

test("a value that an image already has is not sent", async () => {
  const { store, requests } = createStore();
  assert.equal(await store.setNote(1, "  "), true);
  assert.deepEqual([requests, store.undoDescription], [[], null]);
});

test("more than 500 images are sent in several requests and undone at once", async () => {
  const { store, requests } = createStore();
  await store.setFlag(Array.from({ length: 1001 }, (_, index) => index));
  assert.deepEqual(
    requests.map(({ body }) => body.indices.length),
    [500, 500, 1],
  );
  assert.equal(store.undo(), "flagging 1,001 images");
});

test("received annotations replace older ones, except for images that this store has changed", async () => {
  const { store } = createStore();
  store.receive([{ index: 1, annotation: { flagged: true, label: 2, note: "x" } }, { index: 2 }]);
  assert.deepEqual(store.get(1), { flagged: true, label: 2, note: "x" });
  await store.setLabel([1], 3);
  store.receive([{ index: 1, annotation: null }]);
  assert.deepEqual(store.get(1), { flagged: true, label: 3, note: "x" });
});
