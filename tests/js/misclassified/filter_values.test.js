import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isPresetOf,
  orderLimits,
  PRESETS,
  sortAfter,
  toFraction,
  toPercentText,
} from "../../../static/js/misclassified/filter_values.js";
import { readSelect } from "../../../static/js/misclassified/filters.js";
import { NO_FILTER } from "../../../static/js/misclassified/view_state.js";

test("each preset is recognized in its own view only", () => {
  for (const { name, filter } of PRESETS) {
    const view = { ...NO_FILTER, true: 3, ...filter };
    assert.deepEqual(
      PRESETS.filter((other) => isPresetOf(other.filter, view)).map((other) => other.name),
      [name],
    );
  }
});

test("a preset does not change the classes and the learning history", () => {
  for (const { filter } of PRESETS) {
    for (const name of ["true", "predicted", "history"]) assert.equal(name in filter, false);
  }
});

test("percentages have one decimal and stay between 0 and 100", () => {
  assert.deepEqual([0.9, 0.925, 0, null].map(toPercentText), ["90", "92.5", "0", ""]);
  assert.deepEqual([90, 92.46, 120, -1, Number.NaN].map(toFraction), [0.9, 0.925, 1, 0, null]);
});

test("crossed limits are exchanged", () => {
  assert.deepEqual(orderLimits(0.7, 0.4), { min_confidence: 0.4, max_confidence: 0.7 });
  assert.deepEqual(orderLimits(0.7, null), { min_confidence: 0.7, max_confidence: null });
});

test("a new sort key has its usual order, and the option any removes the filter by class", () => {
  assert.deepEqual(readSelect("sort", "change"), { sort: "change", order: "asc" });
  assert.deepEqual(readSelect("sort", "loss"), { sort: "loss", order: "desc" });
  assert.deepEqual(readSelect("order", "asc"), { order: "asc" });
  assert.deepEqual(readSelect("true", "7"), { true: 7 });
  assert.deepEqual(readSelect("predicted", ""), { predicted: null });
});

test("label suspects are sorted by label error, until another list is chosen", () => {
  const view = /** @type {const} */ ({ suspects: false, sort: "loss" });
  assert.deepEqual(sortAfter({ suspects: true }, view), { sort: "label_error", order: "desc" });
  assert.deepEqual(sortAfter({ suspects: false }, view), {});
  assert.deepEqual(sortAfter({ true: 3 }, { suspects: true, sort: "label_error" }), {});
  assert.deepEqual(sortAfter({ suspects: true }, { suspects: true, sort: "margin" }), {});
  const back = sortAfter({ suspects: false }, { suspects: true, sort: "label_error" });
  assert.deepEqual(back, { sort: "confidence", order: "desc" });
});
