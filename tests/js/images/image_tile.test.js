import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTile, imageUrl } from "../../../static/js/images/image_tile.js";

const ITEM = /** @type {import("../../../types/api.js").ListedImage} */ (
  /** @type {unknown} */ ({ index: 7, true_label: 0, predicted_label: 1, confidence: 0.9 })
);

/** @param {Partial<Parameters<typeof describeTile>[1]>} options @param {Partial<typeof ITEM>} [change] */
const describe = (options, change = {}) =>
  describeTile(
    { ...ITEM, ...change },
    { classNames: ["cat", "dog"], annotation: null, value: null, hidden: false, ...options },
  );

test("the name of a tile contains the prediction, its outcome and the annotation", () => {
  assert.equal(describe({}), "Image 7: true cat, predicted dog, confidence 90.0%, misclassified");
  assert.equal(
    describe({ value: "loss 2.3", annotation: { flagged: true, label: 1, note: "" } }),
    "Image 7: true cat, predicted dog, confidence 90.0%, loss 2.3, misclassified, flagged, labeled dog by a person",
  );
  assert.match(describe({}, { predicted_label: 0 }), /, correct$/);
});

test("guess mode reveals nothing", () => {
  assert.equal(describe({ hidden: true, value: "loss 2.3" }), "Image 7: guess its class");
});

test("the name of a data set is escaped in a URL", () => {
  assert.equal(imageUrl("a/b", "test", 3), "/api/datasets/a%2Fb/test/3.png");
});
