import assert from "node:assert/strict";
import { test } from "node:test";
import { percent } from "../../../static/js/core/format.js";

test("a fraction is formatted as a percentage", () => {
  assert.equal(percent(0.9725, 2), "97.25%");
});
