import assert from "node:assert/strict";
import { test } from "node:test";
import { describeAbsence, describeList, sortValueText } from "../../../static/js/misclassified/descriptions.js";
import { NO_FILTER } from "../../../static/js/misclassified/view_state.js";

const NAMES = ["cat", "dog", "owl"];

/** @param {Partial<import("../../../static/js/misclassified/view_state.js").ImageFilter>} change @param {number} [total] */
function describe(change, total = 12) {
  return describeList({ total, flagged: 3 }, { ...NO_FILTER, ...change }, NAMES, 7);
}

test("the heading names outcome, classes and filters", () => {
  assert.equal(describe({}), "12 misclassified test images");
  assert.equal(describe({}, 1), "1 misclassified test image");
  assert.equal(describe({ true: 0, predicted: 2 }, 1200), "1,200 misclassified test images of cat predicted as owl");
  assert.equal(describe({ answer: "right", true: 1 }), "12 correctly classified test images of dog");
  assert.equal(describe({ answer: "any", predicted: 1 }), "12 test images predicted as dog");
  assert.equal(describe({ suspects: true, true: 0 }), "12 label suspects of cat, 3 of 12 flagged");
  assert.equal(
    describe({ history: "never", flagged: "false", max_margin: 0.1 }),
    "12 misclassified test images, nearly correct (margin up to 0.1), never learned up to epoch 7, not flagged",
  );
  assert.equal(describe({ answer: "any", max_margin: 0.1 }), "12 test images, with a margin up to 0.1");
});

test("confidence limits have at most one decimal", () => {
  assert.match(describe({ min_confidence: 0.9 }), /, with a confidence of 90% or more$/);
  assert.match(describe({ max_confidence: 0.925 }), /, with a confidence of 92\.5% or less$/);
  assert.match(describe({ min_confidence: 0.4, max_confidence: 0.625 }), /, with a confidence of 40% to 62\.5%$/);
});

test("the heading of an empty list names its filters", () => {
  assert.equal(describe({}, 0), "0 misclassified test images");
  assert.equal(describe({ true: 1 }, 0), "0 misclassified test images of dog");
  assert.equal(describe({ suspects: true }, 0), "0 label suspects");
});

test("the description of an image outside the page names the reason", () => {
  const [misclassified, correct] = [
    { true_label: 0, predicted_label: 1 },
    { true_label: 0, predicted_label: 0 },
  ];
  assert.equal(describeAbsence(correct, NO_FILTER), "correct in this epoch");
  assert.equal(describeAbsence(misclassified, { ...NO_FILTER, answer: "right" }), "misclassified in this epoch");
  assert.equal(describeAbsence(misclassified, { ...NO_FILTER, true: 2 }), "not in this list");
  assert.equal(describeAbsence(misclassified, { ...NO_FILTER, predicted: 2 }), "not in this list");
  assert.equal(describeAbsence(misclassified, { ...NO_FILTER, flagged: "true" }), "not in this list");
  assert.equal(describeAbsence(misclassified, { ...NO_FILTER, true: 0, predicted: 1 }), "on another page");
});

test("a tile shows the value that sorts the list", () => {
  const item = /** @type {import("../../../types/api.js").ListedImage} */ (
    /** @type {unknown} */ ({ index: 1234, margin: 0.256, change: null, learned_epoch: null, loss: 1.5 })
  );
  assert.equal(sortValueText(item, "margin"), "margin 0.26");
  assert.equal(sortValueText(item, "change"), "change –");
  assert.equal(sortValueText({ ...item, change: 0.02341 }, "change"), "change ≤ 0.024");
  assert.equal(sortValueText(item, "index"), "№ 1,234");
  assert.equal(sortValueText(item, "learned"), "not learned");
  assert.equal(sortValueText({ ...item, learned_epoch: 3 }, "learned"), "since epoch 3");
  assert.equal(sortValueText(item, "confidence"), null);
});
