import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrationTables } from "../../../static/js/calibration/tables.js";

test("the tables contain every bin and every tenth threshold", () => {
  const [bins, thresholds] = calibrationTables({
    epoch: 1,
    images: 1200,
    accuracy: 0.9,
    expected_calibration_error: 0.1,
    bins: [
      { lower: 0, upper: 0.5, images: 0, confidence: null, accuracy: null },
      { lower: 0.5, upper: 1, images: 1200, confidence: 0.95, accuracy: 0.9 },
    ],
    thresholds: Array.from({ length: 101 }, (_, hundredth) => ({
      threshold: hundredth / 100,
      coverage: 1 - hundredth / 100,
      accuracy: hundredth === 100 ? null : 0.9,
    })),
  });
  assert.deepEqual(bins.rows, [
    ["0% to 50%", "0", "–", "–"],
    ["50% to 100%", "1,200", "95.0%", "90.0%"],
  ]);
  assert.equal(thresholds.rows.length, 11);
  assert.deepEqual(thresholds.rows[1], ["10%", "90.0%", "90.00%"]);
  assert.deepEqual(thresholds.rows[10], ["100%", "0.0%", "–"]);
  for (const { headings, rows } of [bins, thresholds]) assert.equal(headings.length, rows[0].length);
});
