import assert from "node:assert/strict";
import { test } from "node:test";
import { PixelStore } from "../../../static/js/images/pixel_store.js";

/** @type {string[]} */
const requested = [];
globalThis.fetch = async (path) => {
  requested.push(String(path).split("=")[1]);
  const indices = requested[requested.length - 1].split(",").map(Number);
  return new Response(Uint8Array.from(indices.flatMap((index) => [index, 255])));
};

test("each image is requested once, and images of the page are not requested", async () => {
  const store = new PixelStore("digits", "test", [1, 2]);
  store.receive([3, 4], btoa(String.fromCharCode(3, 255, 4, 255)));
  await Promise.all([store.load([3, 5, 6]), store.load([6, 7])]);
  await store.load([5]);
  assert.deepEqual(requested, ["5,6", "7"]);
  for (const index of [3, 4, 5, 6, 7]) assert.deepEqual([...(store.get(index) ?? [])], [index, 255]);
  assert.equal(store.get(8), undefined);
});
