import assert from "node:assert/strict";
import { test } from "node:test";
import { curvePoints, xOfEpoch } from "../../../static/js/ui/epoch_curve.js";

test("the epochs fill the width", () => {
  assert.deepEqual(
    [1, 2, 3].map((epoch) => xOfEpoch(epoch, 3)),
    [0, 50, 100],
  );
  assert.equal(xOfEpoch(1, 1), 50);
});

test("the values fill the height, and a missing value counts as 0", () => {
  assert.equal(curvePoints([0.5, null, 1]), "0.00,15.00 50.00,26.00 100.00,4.00");
  assert.equal(curvePoints([0.7]), "50.00,26.00");
  assert.equal(curvePoints([]), "");
});
