import assert from "node:assert/strict";
import { test } from "node:test";
import { clampOffset } from "../../../static/js/ui/pagination.js";

test("an offset becomes that of an existing page", () => {
  assert.equal(clampOffset({ offset: 50, limit: 48, total: 100 }), 48);
  assert.equal(clampOffset({ offset: 500, limit: 48, total: 100 }), 96);
  assert.equal(clampOffset({ offset: 48, limit: 48, total: 48 }), 0);
  assert.equal(clampOffset({ offset: 48, limit: 48, total: 0 }), 0);
});
