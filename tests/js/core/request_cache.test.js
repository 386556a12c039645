import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { isAborted } from "../../../static/js/core/api.js";
import { invalidate, RequestCache, setVersion } from "../../../static/js/core/request_cache.js";

/** @type {string[]} */
let requested = [];
let etag = "";
let status = 200;

beforeEach(() => {
  requested = [];
  etag = "";
  status = 200;
  setVersion("");
  invalidate(() => true);
  globalThis.fetch = async (path) => {
    requested.push(String(path));
    const body = status === 200 ? { number: requested.length } : { error: { code: "x", message: "No." } };
    return new Response(JSON.stringify(body), { status, headers: etag ? { ETag: `"${etag}"` } : {} });
  };
});

test("the newest responses are stored", async () => {
  const requests = new RequestCache();
  const [first, same] = await Promise.all([requests.get("/a"), requests.get("/a")]);
  assert.equal(first, same);
  assert.equal(await requests.get("/a"), first);
  assert.equal(requests.cached("/a"), first);
  assert.deepEqual(requested, ["/a"]);
  for (let number = 0; number < 100; number += 1) new RequestCache().remember(`/${number}`, number);
  assert.equal(requests.cached("/a"), undefined);
  assert.equal(requests.cached("/0"), 0);
});

test("a newer request replaces an older one", async () => {
  const requests = new RequestCache();
  const older = requests.get("/a");
  const newer = requests.get("/b");
  await assert.rejects(older, isAborted);
  assert.deepEqual(await newer, { number: 2 });
});

test("a request after a change does not share the response to a request before it", async () => {
  const requests = new RequestCache();
  const before = requests.get("/api/runs/1/x?epoch=2");
  setVersion("");
  const after = requests.get("/api/runs/1/x?epoch=2");
  await assert.rejects(before, isAborted);
  assert.deepEqual(await after, { number: 2 });
});

test("only the address of a response about an epoch contains the version", async () => {
  setVersion("abc");
  for (const path of ["/api/runs/1/x?epoch=2", "/api/runs/1/x", "/api/datasets?epoch=2"])
    await new RequestCache().get(path);
  assert.deepEqual(requested, ["/api/runs/1/x?epoch=2&v=abc", "/api/runs/1/x", "/api/datasets?epoch=2"]);
});

test("a response with another version changes the version, and stays the newest response", async () => {
  etag = "new";
  const requests = new RequestCache();
  const response = await requests.get("/api/runs/1/x?epoch=2");
  assert.equal(requests.cached("/api/runs/1/x?epoch=2"), response);
  await new RequestCache().get("/api/runs/1/y?epoch=2");
  assert.equal(requested[1], "/api/runs/1/y?epoch=2&v=new");
  setVersion("");
  assert.equal(requests.cached("/api/runs/1/x?epoch=2"), undefined);
});

test("a response that was on its way when the version changed is not stored", async () => {
  etag = "old";
  const requests = new RequestCache();
  const response = requests.get("/api/runs/1/x?epoch=2");
  setVersion("");
  await response;
  assert.equal(requests.cached("/api/runs/1/x?epoch=2"), undefined);
});

test("invalidation forgets a response, and an error is not stored", async () => {
  const requests = new RequestCache();
  requests.remember("/a", { number: 0 });
  invalidate((path) => path === "/b");
  assert.deepEqual(await requests.get("/a"), { number: 0 });
  invalidate((path) => path === "/a");
  status = 404;
  await assert.rejects(requests.get("/a"), { name: "ApiError", message: "No." });
  assert.equal(requests.pending, null);
  assert.equal(requests.cached("/a"), undefined);
});
