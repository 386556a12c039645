import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEmptyList, describeWaiting } from "../../../static/js/misclassified/empty_states.js";
import { NO_FILTER } from "../../../static/js/misclassified/view_state.js";

const NAMES = ["cat", "dog", "owl"];

/** @param {Partial<import("../../../static/js/misclassified/view_state.js").ImageFilter>} change @param {number} [epoch] */
const describe = (change, epoch = 3) =>
  describeEmptyList({ view: { ...NO_FILTER, ...change }, epoch, classNames: NAMES });

test("without filters, an empty list leads to the first epoch", () => {
  assert.equal(describe({}).text, "After epoch 3, every test image is classified correctly.");
  assert.equal(describe({}).next, "first-epoch");
  assert.equal(describe({}, 1).next, null);
});

test("with filters, the text names the filter that excludes all images", () => {
  assert.equal(describe({ true: 0 }).next, "clear-filters");
  assert.match(describe({ true: 0 }).text, /every test image of cat is classified correctly/);
  assert.match(describe({ true: 0, predicted: 1 }).text, /no test image of cat is misclassified as dog/);
  assert.match(describe({ true: 1, predicted: 1 }).text, /predicted as dog are the correct ones/);
  assert.match(describe({ min_confidence: 0.9 }).text, /no test image matches all of these filters/);
  assert.match(describe({ suspects: true, true: 2 }).text, /no label of owl is a suspect/);
  assert.match(describe({ flagged: "true" }).text, /To flag an image/);
});

test("a run without an epoch is in progress, has failed, or ended early", () => {
  /** @param {Partial<import("../../../types/api.js").Run>} run */
  const waiting = (run) => describeWaiting({ id: 7, status: "running", error: null, ...run });
  assert.deepEqual(waiting({}).next, { label: "Watch it train", href: "/runs/7" });
  assert.equal(waiting({ status: "failed", error: { code: "x", message: "Out of memory." } }).text, "Out of memory.");
  assert.match(waiting({ status: "stopped" }).text, /ended as stopped before its first epoch/);
  assert.equal(waiting({ status: "stopped" }).next.href, "/");
});
