import assert from "node:assert/strict";
import { test } from "node:test";
import { signedBarExtent } from "../../../static/js/explanations/contribution_bar.js";

test("positive bars extend to the right of the center, negative ones to the left", () => {
  assert.deepEqual(signedBarExtent(1, 2), { left: "50.00%", width: "25.00%" });
  assert.deepEqual(signedBarExtent(-2, 2), { left: "0.00%", width: "50.00%" });
  assert.deepEqual(signedBarExtent(0, 2), { left: "50.00%", width: "0.00%" });
});

test("bars are empty if all contributions are 0", () => {
  assert.deepEqual(signedBarExtent(0, 0), { left: "50.00%", width: "0.00%" });
});
