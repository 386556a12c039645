import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ApiError, api, errorMessage, isAborted } from "../../../static/js/core/api.js";

const { fetch: originalFetch } = globalThis;
/** Requests that the functions under test sent. @type {{path: string, request: RequestInit}[]} */
let sent = [];
/** Answer to the next requests. @type {() => Promise<Response>} */
let answer;

beforeEach(() => {
  sent = [];
  globalThis.fetch = /** @type {typeof fetch} */ (
    (path, request = {}) => {
      sent.push({ path: String(path), request });
      return answer();
    }
  );
});

afterEach(() => {
  globalThis.fetch = originalFetch;
});

/** @param {string} body @param {number} [status] */
const respond = (body, status = 200) => {
  answer = async () => new Response(body, { status });
};

test("a request sends its body as JSON and returns the JSON of the response", async () => {
  respond('{"id": 3}', 201);
  assert.deepEqual(await api.post("/api/runs", { preset: "digits_quick" }), { id: 3 });
  const [{ path, request }] = sent;
  assert.deepEqual([path, request.method, request.body], ["/api/runs", "POST", '{"preset":"digits_quick"}']);
  assert.deepEqual(request.headers, { Accept: "application/json", "Content-Type": "application/json" });
});

test("a response without a body is null", async () => {
  answer = async () => new Response(null, { status: 204 });
  assert.equal(await api.delete("/api/runs/3"), null);
  assert.equal(sent[0].request.body, undefined);
});

test("an error of the server has its code, message and fields", async () => {
  respond('{"error": {"code": "invalid", "message": "1 value is invalid.", "fields": {"epochs": "too large"}}}', 422);
  await assert.rejects(api.post("/api/runs"), (/** @type {unknown} */ error) => {
    assert(error instanceof ApiError);
    assert.deepEqual([error.status, error.code, error.message], [422, "invalid", "1 value is invalid."]);
    assert.deepEqual(error.fields, { epochs: "too large" });
    return true;
  });
});

test("an error without JSON has a message with the status", async () => {
  respond("<h1>Bad gateway</h1>", 502);
  await assert.rejects(api.get("/api/runs"), { status: 502, message: "The server responded with status 502." });
});

test("a successful response that is not JSON is an error", async () => {
  respond("<h1>Login</h1>");
  await assert.rejects(api.get("/api/runs"), { code: "unreadable" });
});

test("a server that does not respond is an error with status 0", async () => {
  answer = () => Promise.reject(new TypeError("fetch failed"));
  await assert.rejects(api.get("/api/runs"), { status: 0, code: "unreachable" });
  await assert.rejects(
    api.load("/pixels", (response) => response.text(), "Not loaded."),
    { status: 0, message: "Not loaded." },
  );
});

test("an aborted request throws the error of the signal", async () => {
  answer = () => Promise.reject(new DOMException("aborted", "AbortError"));
  await assert.rejects(api.get("/api/runs"), isAborted);
});

test("a thrown value has a message", () => {
  assert.equal(errorMessage(new ApiError(404, "not_found", "There is no run 7.", {})), "There is no run 7.");
  assert.equal(errorMessage("text"), "text");
});
