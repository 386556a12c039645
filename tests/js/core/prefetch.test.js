import assert from "node:assert/strict";
import { test } from "node:test";
import { PrefetchQueue } from "../../../static/js/core/prefetch.js";

/** @param {number[]} done @param {number} number */
const job = (done, number) => async () => void done.push(number);

test("jobs run in order until one fails", async () => {
  /** @type {number[]} */
  const done = [];
  const fail = async () => Promise.reject(new Error("no"));
  await new PrefetchQueue().start([job(done, 1), job(done, 2), fail, job(done, 3)]);
  assert.deepEqual(done, [1, 2]);
});

test("a new queue replaces the previous one, and stopping ends it", async () => {
  /** @type {number[]} */
  const done = [];
  const queue = new PrefetchQueue();
  const first = queue.start([job(done, 1)]);
  const second = queue.start([
    async () => {
      done.push(2);
      queue.stop();
    },
    job(done, 3),
  ]);
  await Promise.all([first, second]);
  assert.deepEqual(done, [2]);
});
