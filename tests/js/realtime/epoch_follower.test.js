import assert from "node:assert/strict";
import { test } from "node:test";
import { EpochFollower } from "../../../static/js/realtime/epoch_follower.js";

Object.assign(globalThis, { window: globalThis });

test("epochs that complete during a load are skipped, except the latest", async () => {
  /** @type {number[]} */
  const loaded = [];
  const follower = new EpochFollower(async (epoch) => {
    loaded.push(epoch);
    if (epoch === 1) for (const next of [2, 3, 4]) follower.follow(next);
  }, 0);
  await follower.follow(1);
  assert.deepEqual(loaded, [1, 4]);
});

test("a closed follower loads nothing more", async () => {
  /** @type {number[]} */
  const loaded = [];
  const follower = new EpochFollower(async (epoch) => {
    loaded.push(epoch);
    follower.follow(epoch + 1);
    follower.close();
  }, 0);
  await follower.follow(1);
  assert.deepEqual(loaded, [1]);
});

test("a load that fails can be repeated", async () => {
  let attempts = 0;
  const follower = new EpochFollower(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("lost");
  }, 0);
  await assert.rejects(follower.follow(1));
  await follower.follow(1);
  assert.equal(attempts, 2);
});
