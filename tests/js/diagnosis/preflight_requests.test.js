import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../../static/js/core/api.js";
import { PreflightRequests } from "../../../static/js/diagnosis/preflight_requests.js";

/** @param {number} epochs */
const values = (epochs) => ({ hyperparameters: { epochs } });

/** @param {number} cost @returns {any} */
const result = (cost) => ({ first_cost: cost, notes: [] });

/** Requests that a test answers itself. */
function answeredByHand() {
  /** @type {{values: any, signal: AbortSignal, respond: (value: any) => void, fail: (error: unknown) => void}[]} */
  const sent = [];
  const requests = new PreflightRequests(
    (sentValues, signal) =>
      new Promise((respond, fail) => {
        sent.push({ values: sentValues, signal, respond, fail });
        signal.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
      }),
  );
  return { sent, requests };
}

test("the same configuration is examined once", async () => {
  const { sent, requests } = answeredByHand();
  const first = requests.examine(values(1));
  assert.equal(await requests.examine(values(1)), false);
  sent[0].respond(result(2));
  assert.equal(await first, true);
  assert.equal(await requests.examine(values(1)), false);
  assert.equal(sent.length, 1);
  assert.deepEqual(requests.result, result(2));
});

test("a newer request aborts the one before it, whose result is not used", async () => {
  const { sent, requests } = answeredByHand();
  const both = [requests.examine(values(1)), requests.examine(values(2))];
  assert.deepEqual(
    sent.map(({ signal }) => signal.aborted),
    [true, false],
  );
  sent[1].respond(result(2));
  assert.deepEqual(await Promise.all(both), [false, true]);
  assert.deepEqual(requests.result, result(2));
});

test("a late response does not replace a newer result even if it could not be aborted", async () => {
  /** @type {((value: any) => void)[]} */
  const respond = [];
  const requests = new PreflightRequests(() => new Promise((resolve) => respond.push(resolve)));
  const both = [requests.examine(values(1)), requests.examine(values(2))];
  respond[1](result(2));
  respond[0](result(1));
  assert.deepEqual(await Promise.all(both), [false, true]);
  assert.deepEqual(requests.result, result(2));
});

test("the earlier result remains until the next one arrives", async () => {
  const { sent, requests } = answeredByHand();
  const first = requests.examine(values(1));
  sent[0].respond(result(1));
  await first;
  const second = requests.examine(values(2));
  assert.deepEqual(requests.result, result(1));
  sent[1].respond(result(2));
  await second;
  assert.deepEqual(requests.result, result(2));
});

test("without a configuration there is no result, and the request under way is aborted", async () => {
  const { sent, requests } = answeredByHand();
  const first = requests.examine(values(1));
  assert.equal(await requests.examine(null), true);
  assert.equal(await first, false);
  assert.ok(sent[0].signal.aborted);
  assert.equal(requests.result, null);
});

test("a configuration that cannot be examined has no result, and is examined again at the next call", async () => {
  const { sent, requests } = answeredByHand();
  const first = requests.examine(values(1));
  sent[0].fail(new ApiError(409, "conflict", "not downloaded", {}));
  assert.equal(await first, true);
  assert.equal(requests.result, null);
  const second = requests.examine(values(1));
  sent[1].respond(result(1));
  assert.equal(await second, true);
});

test("a fault of the program is not hidden", async () => {
  const { sent, requests } = answeredByHand();
  const first = requests.examine(values(1));
  sent[0].fail(new TypeError("fault"));
  await assert.rejects(first, TypeError);
});
