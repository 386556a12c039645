import assert from "node:assert/strict";
import { test } from "node:test";
import { QueueWatch } from "../../../static/js/realtime/queue_watch.js";

/** @import {Run} from "../../../types/api.js" */

/** Timers of the page that have not ended. @type {(() => void)[]} */
let timers = [];
const page = { setTimeout: (/** @type {() => void} */ start) => timers.push(start), clearTimeout: () => (timers = []) };
Object.assign(globalThis, { window: page });

/** @type {((name: string) => void)[]} */
const requests = [];
globalThis.fetch = () =>
  new Promise((resolve) => {
    requests.push((name) =>
      resolve(new Response(JSON.stringify({ workers: 1, running: [{ id: 1, name, problem: null }], waiting: [] }))),
    );
  });

/** @param {number} id @param {string} [status] */
const run = (id, status = "queued") => /** @type {Run} */ ({ id, status, started_at: null });

/** Let all responses arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

/** End all timers, and return how many requests have started. */
function wait() {
  const ended = timers;
  timers = [];
  for (const start of ended) start();
  return requests.length;
}

test("the reason is requested again while the run is queued, by one request at a time", async () => {
  requests.length = 0;
  const watch = new QueueWatch(() => {});
  watch.follow(run(9));
  watch.follow(run(9, "running"));
  watch.follow(run(9));
  assert.equal(requests.length, 2);
  for (const respond of requests) respond("A");
  await settle();
  assert.match(watch.reason ?? "", /run 1 \(A\) is training/);
  assert.equal(wait(), 3);
  requests[2]("B");
  await settle();
  assert.match(watch.reason ?? "", /run 1 \(B\) is training/);
  watch.follow(run(9, "running"));
  assert.equal(watch.reason, undefined);
  assert.equal(wait(), 3);
});

test("a page that shows no run sends no more requests", async () => {
  requests.length = 0;
  const watch = new QueueWatch(() => {});
  watch.follow(run(9));
  watch.follow(null);
  requests[0]("A");
  await settle();
  assert.equal(watch.reason, undefined);
  assert.equal(wait(), 1);
});
