import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { NO_TRANSFORM, transformOf } from "../../../static/js/explanations/transform_sliders.js";
import { describeChange, editBody, WhatIfRequests } from "../../../static/js/explanations/what_if_requests.js";

const IMAGE = { index: 7, epoch: 3 };
const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

/** Replace `fetch` by a function that answers when the test calls `respond`. */
function holdRequests() {
  /** @type {{body: unknown, respond: (content: object, status?: number) => Promise<void>}[]} */
  const requests = [];
  globalThis.fetch = (_address, options) =>
    new Promise((resolve) => {
      requests.push({
        body: JSON.parse(String(options?.body)),
        respond: async (content, status = 200) => {
          resolve(new Response(JSON.stringify(content), { status }));
          await new Promise((done) => setTimeout(done));
        },
      });
    });
  return requests;
}

/** Create requests that record what the listener receives. */
function recordRequests() {
  /** @type {[string, ...unknown[]][]} */
  const received = [];
  const requests = new WhatIfRequests("/probe", (error) =>
    received.push(["error", /** @type {Error} */ (error).message]),
  );
  const send = (/** @type {number} */ n) =>
    requests.send({ body: { n }, onResult: (result, isLatest) => received.push(["result", result, n, isLatest]) });
  return { requests, send, received };
}

test("only the newest edit waits for the current request", async () => {
  const held = holdRequests();
  const { send, received } = recordRequests();
  [1, 2, 3].forEach(send);
  await held[0].respond({ of: 1 });
  await held[1].respond({ of: 3 });
  assert.deepEqual(
    held.map(({ body }) => body),
    [{ n: 1 }, { n: 3 }],
  );
  assert.deepEqual(received, [
    ["result", { of: 1 }, 1, false],
    ["result", { of: 3 }, 3, true],
  ]);
});

test("a response after a cancellation is ignored, also if a new edit follows", async () => {
  const held = holdRequests();
  const { requests, send, received } = recordRequests();
  send(1);
  requests.cancel();
  send(2);
  await held[0].respond({ of: 1 });
  await held[1].respond({ of: 2 });
  assert.deepEqual(received, [["result", { of: 2 }, 2, true]]);
});

test("an error is reported, and the waiting edit is sent", async () => {
  const held = holdRequests();
  const { send, received } = recordRequests();
  [1, 2].forEach(send);
  await held[0].respond({ error: { message: "No weights." } }, 409);
  await held[1].respond({ of: 2 });
  assert.deepEqual(received, [
    ["error", "No weights."],
    ["result", { of: 2 }, 2, true],
  ]);
});

test("a request contains only what differs from the stored image", () => {
  const neutral = transformOf(NO_TRANSFORM);
  assert.deepEqual(editBody(IMAGE, null, neutral), IMAGE);
  assert.deepEqual(editBody(IMAGE, Uint8Array.of(0, 127, 255), neutral), { ...IMAGE, pixels: "AH//" });
  const turned = { ...neutral, rotation: 5 };
  assert.deepEqual(editBody(IMAGE, null, turned), { ...IMAGE, ...turned });
});

test("the size of a change is its Euclidean length; one pixel from black to white has length 1", () => {
  const original = Uint8Array.of(0, 0);
  assert.match(describeChange(original, original), /^The thin line in each bar/);
  assert.match(describeChange(Uint8Array.of(255, 0), original), /^Size of the change: 1\.00,/);
  assert.match(describeChange(Uint8Array.of(255, 255), original), /^Size of the change: 1\.41,/);
});
