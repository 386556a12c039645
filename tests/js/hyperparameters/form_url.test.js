import assert from "node:assert/strict";
import { test } from "node:test";
import {
  baselineOf,
  pageQuery,
  queryOf,
  readQuery,
  reuseUrl,
  trainSearch,
  writeQuery,
} from "../../../static/js/hyperparameters/form_url.js";
import { fieldInfo, preset } from "../support/examples.js";

const schema = {
  groups: [],
  fields: [
    fieldInfo({ name: "epochs", type: "integer", default: 30 }),
    fieldInfo({ name: "hidden_sizes", type: "sizes", default: [64] }),
  ],
};
const quick = preset({ hyperparameters: { epochs: 10 } });

test("the query contains the preset and the values that differ from it", () => {
  assert.equal(String(writeQuery(schema, quick, { epochs: 10, hidden_sizes: [64] })), "preset=quick");
  assert.equal(String(writeQuery(schema, null, { epochs: 10 })), "preset=none&epochs=10");
  assert.deepEqual(baselineOf(schema, quick), { epochs: 10, hidden_sizes: [64] });
});

test("reading a query returns the values that were written", () => {
  const values = { epochs: 7, hidden_sizes: [30, 20] };
  assert.deepEqual(readQuery(schema, writeQuery(schema, quick, values)), values);
  assert.deepEqual(readQuery(schema, new URLSearchParams("epochs=many&other=1")), { epochs: "many" });
});

test("the address keeps the run and the axis, and omits the first preset", () => {
  const form = writeQuery(schema, quick, {});
  assert.equal(trainSearch(form, "", "quick"), "");
  assert.equal(trainSearch(form, "?x=seconds", "quick"), "?x=seconds");
  assert.equal(trainSearch(form, "?run=3&epochs=4", "quick"), "?preset=quick&run=3");
  const changed = writeQuery(schema, quick, { hidden_sizes: [30, 20] });
  assert.equal(trainSearch(changed, "?x=seconds", "quick"), "?preset=quick&hidden_sizes=30,20&x=seconds");
  assert.deepEqual(readQuery(schema, queryOf("?hidden_sizes=8,128")), { hidden_sizes: [8, 128] });
  assert.deepEqual(readQuery(schema, queryOf("?epochs=1,000")), { epochs: 1000 });
  assert.equal(String(pageQuery("?run=3&epochs=4&x=seconds")), "run=3&x=seconds");
});

test("the link of a run contains its preset and its changes", () => {
  const run = /** @type {import("../../../types/api.js").Run} */ (
    /** @type {unknown} */ ({ preset: "quick", hyperparameters: { epochs: 12, hidden_sizes: [64] } })
  );
  assert.equal(reuseUrl(schema, [quick], run), "/?preset=quick&epochs=12");
  assert.equal(reuseUrl(schema, [], run), "/?preset=none&epochs=12");
});
