import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { isAborted } from "../../../static/js/core/api.js";
import { invalidate } from "../../../static/js/core/request_cache.js";
import { PixelStore } from "../../../static/js/images/pixel_store.js";
import { ViewData } from "../../../static/js/misclassified/view_data.js";
import { CODECS } from "../../../static/js/misclassified/view_state.js";

/** @typedef {import("../../../static/js/misclassified/view_state.js").ImageView} ImageView */

const DEFAULTS = Object.fromEntries(Object.entries(CODECS).map(([name, codec]) => [name, codec.read(null)]));

/** @param {Partial<ImageView>} [changes] */
const view = (changes = {}) => /** @type {ImageView} */ ({ ...DEFAULTS, ...changes });

const MATRIX = /** @type {any} */ ({ matrix: [[1]] });
const LIST = /** @type {any} */ ({ total: 2, epoch: 3, flagged: 0, items: [{ index: 5 }, { index: 7 }] });

/** Responses of the server by the start of the path. A number is the status of an error. @type {Map<string, unknown>} */
let responses = new Map();
/** @type {string[]} */
let requested = [];

beforeEach(() => {
  requested = [];
  invalidate(() => true);
  responses = new Map(
    Object.entries({
      "/api/runs/1/confusion_matrix": MATRIX,
      "/api/runs/1/misclassified": LIST,
      "/api/runs/1/predictions/9": { index: 9 },
      "/api/runs/1/histories": { counts: { early: 2 } },
      "/api/datasets/digits/test/pixels": new Uint8Array([10, 20]).buffer,
    }),
  );
  globalThis.fetch = async (path) => {
    requested.push(String(path).split("?")[0] ?? "");
    const found = [...responses].find(([start]) => String(path).startsWith(start))?.[1] ?? 404;
    if (typeof found === "number")
      return new Response(JSON.stringify({ error: { code: "x", message: "No." } }), { status: found });
    return new Response(found instanceof ArrayBuffer ? found : JSON.stringify(found));
  };
});

/** Return the data of run 1, and its store of one-pixel images. */
function createData() {
  const store = new PixelStore("digits", "test", [1, 1]);
  return { data: new ViewData(1, store), store };
}

test("matrix, list and the pixels of its images are loaded together", async () => {
  const { data, store } = createData();
  const { matrix, list, item, problem } = await data.load(3, view());
  assert.deepEqual([matrix, list, item, problem], [MATRIX, LIST, null, null]);
  assert.deepEqual([...(store.get(7) ?? [])], [20]);
});

test("an open image comes from the list or, if the list does not contain it, from a request", async () => {
  const { data } = createData();
  await data.load(3, view()); // now the list is known
  assert.deepEqual((await data.load(3, view({ image: 7 }))).item, { index: 7 });
  assert.ok(!requested.includes("/api/runs/1/predictions/7"));
  assert.deepEqual((await data.load(3, view({ image: 9 }))).item, { index: 9 });
});

test("the list is shown even if its pixels or the open image cannot be loaded", async () => {
  responses.set("/api/datasets/digits/test/pixels", 500);
  const { data } = createData();
  const { list, problem } = await data.load(3, view());
  assert.deepEqual(list, LIST);
  assert.match(problem?.message ?? "", /could not load the images/);
  const missing = await data.load(3, view({ image: 8 }));
  assert.deepEqual([missing.item, missing.problem?.status], [null, 404]);
});

test("a failed list is an error, and a failed count of histories is not", async () => {
  responses.set("/api/runs/1/misclassified", 500).set("/api/runs/1/histories", 500);
  const { data } = createData();
  await assert.rejects(data.load(3, view()), /No\./);
  assert.equal(await data.loadHistoryCounts(3), null);
  responses.set("/api/runs/1/histories", { counts: { early: 2 } });
  assert.deepEqual(await data.loadHistoryCounts(3), { early: 2 });
});

test("a newer view replaces an older one", async () => {
  const { data } = createData();
  const older = data.load(3, view());
  const newer = data.load(2, view());
  await assert.rejects(older, isAborted);
  assert.deepEqual((await newer).list, LIST);
});

test("the responses in the page are used for their view only", async () => {
  const { data } = createData();
  const first = { limit: 48, list: LIST, matrix: MATRIX, image: null, pixels: { indices: [5, 7], bytes: "ChQ=" } };
  data.receive({ ...first, query: { epoch: 3, true: 4 } }, 3, view({ true: 4 }));
  await data.load(3, view({ true: 4 }));
  assert.deepEqual(requested, []);
  data.receive({ ...first, query: { epoch: 3, true: 4 } }, 3, view({ true: 6 }));
  await data.load(3, view({ true: 6 }));
  assert.deepEqual(requested, ["/api/runs/1/misclassified"]);
});

test("neighboring epochs within reach are loaded into the cache of the browser", async () => {
  const { data } = createData();
  Object.assign(globalThis, { window: { requestIdleCallback: (/** @type {() => void} */ run) => run() } });
  /** @type {string[]} */
  const epochs = [];
  const load = globalThis.fetch;
  globalThis.fetch = async (path) => {
    const url = String(path);
    if (url.includes("confusion_matrix")) epochs.push(url.split("epoch=")[1]);
    return load(path);
  };
  data.prefetch(3, view({ sort: "change" }), { last: 4, reach: 2 });
  data.prefetch(3, view(), { last: 4, reach: 2 });
  while (epochs.length < 3) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(epochs, ["4", "2", "1"]);
});
