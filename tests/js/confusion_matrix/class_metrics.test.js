import assert from "node:assert/strict";
import { test } from "node:test";
import { classMetrics, macroMean } from "../../../static/js/confusion_matrix/class_metrics.js";

test("each class has precision, recall, F1 and support", () => {
  const [cat, dog] = classMetrics(
    ["cat", "dog"],
    [
      [3, 1],
      [2, 4],
    ],
  );
  assert.deepEqual(cat, { label: "cat", precision: 3 / 5, recall: 3 / 4, f1: 6 / 9, support: 4 });
  assert.deepEqual(dog, { label: "dog", precision: 4 / 5, recall: 4 / 6, f1: 8 / 11, support: 6 });
});

test("undefined metrics are null, and a class that was never predicted has F1 0", () => {
  const [cat, dog, owl] = classMetrics(
    ["cat", "dog", "owl"],
    [
      [3, 0, 0],
      [2, 0, 0],
      [0, 0, 0],
    ],
  );
  assert.equal(cat.precision, 3 / 5);
  assert.deepEqual([dog.precision, dog.recall, dog.f1], [null, 0, 0]);
  assert.deepEqual([owl.precision, owl.recall, owl.f1], [null, null, null]);
});

test("the mean gives each class the same weight and omits classes without images", () => {
  const mean = macroMean(
    classMetrics(
      ["cat", "dog", "owl"],
      [
        [3, 0, 0],
        [2, 0, 0],
        [0, 0, 0],
      ],
    ),
  );
  assert.deepEqual([mean.precision, mean.recall, mean.support], [0.3, 0.5, 5]);
});
