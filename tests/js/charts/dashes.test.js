import assert from "node:assert/strict";
import { test } from "node:test";
import { DASHES } from "../../../static/js/charts/dashes.js";
import { MAX_COMPARED } from "../../../static/js/comparison/limit.js";

test("every compared run has its own dash pattern", () => {
  assert.equal(new Set(DASHES).size, MAX_COMPARED);
});
