import assert from "node:assert/strict";
import { test } from "node:test";
import { drawHidden, Experiments, loadRun, sendGuess } from "../../../static/js/lab/experiments.js";

/** @type {{path: string, body: any, respond: (content: object, status?: number) => void}[]} */
let requests = [];

/** Replace `fetch` by a function that waits for the response of the test. */
function holdRequests() {
  requests = [];
  globalThis.fetch = (path, { body } = {}) =>
    new Promise((resolve) => {
      const respond = (/** @type {object} */ content, status = 200) =>
        resolve(new Response(JSON.stringify(content), { status }));
      requests.push({ path: String(path), body: typeof body === "string" ? JSON.parse(body) : undefined, respond });
    });
}

const choice = (/** @type {string} */ bug) => [{ bug, layer: null }];
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("while an experiment runs, only the last chosen one waits", async () => {
  holdRequests();
  const shown = /** @type {any[]} */ ([]);
  const experiments = new Experiments((result) => void shown.push(result));
  for (const bug of ["B01", "B09", "B12"]) experiments.run(choice(bug));
  assert.deepEqual(
    requests.map(({ body }) => body),
    [{ bugs: choice("B01") }],
  );
  requests[0].respond({ id: "one" });
  await settled();
  assert.deepEqual(
    requests.map(({ body }) => body.bugs[0].bug),
    ["B01", "B12"],
  );
  assert.deepEqual(shown, []);
  requests[1].respond({ id: "two" });
  await settled();
  assert.deepEqual(shown, [{ run: { id: "two" } }]);
});

test("the same bugs again need no request", async () => {
  holdRequests();
  const shown = /** @type {any[]} */ ([]);
  const experiments = new Experiments((result) => void shown.push(result));
  experiments.run(choice("B01"));
  requests[0].respond({ id: "one" });
  await settled();
  await experiments.run(choice("B01"));
  assert.equal(requests.length, 1);
  assert.deepEqual(shown, [{ run: { id: "one" } }, { run: { id: "one" } }]);
});

test("a known experiment replaces one that still runs", async () => {
  holdRequests();
  const shown = /** @type {any[]} */ ([]);
  const experiments = new Experiments((result) => void shown.push(result));
  experiments.run(choice("B01"));
  requests[0].respond({ id: "one" });
  await settled();
  experiments.run(choice("B09"));
  experiments.run(choice("B01"));
  requests[1].respond({ id: "two" });
  await settled();
  assert.deepEqual(shown, [{ run: { id: "one" } }, { run: { id: "one" } }]);
});

test("an error is passed on, and a retry sends the request again", async () => {
  holdRequests();
  const shown = /** @type {any[]} */ ([]);
  const experiments = new Experiments((result) => void shown.push(result));
  experiments.run(choice("B01"));
  requests[0].respond({ error: { message: "Too many units." } }, 422);
  await settled();
  assert.equal(shown[0].error.message, "Too many units.");
  experiments.run(choice("B01"));
  assert.equal(requests.length, 2);
});

test("a hidden bug is in every layer, or in a hidden one", () => {
  holdRequests();
  for (const numbers of [[0.4], [0.5, 0], [0.9, 0.99]]) drawHidden(() => numbers.shift() ?? 0);
  assert.deepEqual(
    requests.map(({ body }) => body),
    [{ hidden: true }, { hidden: true, layer: 1 }, { hidden: true, layer: 2 }],
  );
});

test("an experiment is loaded and guessed by its id", () => {
  holdRequests();
  loadRun("a/b");
  sendGuess("abc", { bug: "B09", layer: 2 });
  assert.deepEqual(
    requests.map(({ path, body }) => [path, body]),
    [
      ["/api/lab/runs/a%2Fb", undefined],
      ["/api/lab/runs/abc/guess", { bug: "B09", layer: 2 }],
    ],
  );
});
