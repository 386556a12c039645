import assert from "node:assert/strict";
import { test } from "node:test";
import { AXES, X_AXES } from "../../../static/js/charts/x_axis.js";
import { EpochSeries } from "../../../static/js/realtime/epoch_series.js";

test("each axis has texts and a column of positions", () => {
  assert.deepEqual(Object.keys(AXES), [...X_AXES]);
  const series = new EpochSeries();
  for (const axis of X_AXES) assert.ok(Array.isArray(series[axis]));
});
