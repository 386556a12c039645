import assert from "node:assert/strict";
import { test } from "node:test";
import { chartLines, describeChecks, describeResults } from "../../../static/js/lab/curves.js";
import { exampleCurves, exampleExperiment, exampleTest } from "./examples.js";

test("a chart has four lines from the first epoch, with different keys and numbers", () => {
  const lines = chartLines(exampleExperiment(), "cost");
  assert.deepEqual(
    lines.map(({ key, number, x, y }) => ({ key, number, x, y })),
    [
      { key: "right-train", number: 1, x: [1, 2], y: [1, 0.5] },
      { key: "right-test", number: 2, x: [1, 2], y: [1.1, 0.6] },
      { key: "wrong-train", number: 3, x: [1, 2], y: [30, null] },
      { key: "wrong-test", number: 4, x: [1, 2], y: [1.1, 0.6] },
    ],
  );
  assert.deepEqual(chartLines(exampleExperiment(), "accuracy")[0].y, [0.8, 0.9]);
});

test("the results name the costs before and after training", () => {
  assert.equal(
    describeResults(exampleExperiment()),
    "Both networks start from the same cost, 2.300. After 2 epochs: right cost 0.5000, 85.0% of the test images; " +
      "with the bug a cost that is not finite, 10.0% of the test images.",
  );
  const other = exampleExperiment({ wrong: exampleCurves({ train_cost: [7.3, 7, 7] }) });
  assert.match(describeResults(other), /^Before the first step, the cost is 2\.300 in the right network and 7\.300/);
});

test("the checks that see the bug are named", () => {
  const failed = exampleTest({ verdict: "failed" });
  const found = { layer: 2, kind: /** @type {const} */ ("both"), text: "" };
  assert.equal(describeChecks(exampleExperiment()), "The gradient check agrees. No small test fails either.");
  assert.equal(
    describeChecks(exampleExperiment({ tests: [failed, exampleTest({ title: "Other?" })] })),
    "The gradient check agrees. This small test fails: “Does a small step lower the cost?”",
  );
  assert.equal(
    describeChecks(exampleExperiment({ first_disagreement: found })),
    "The gradient check disagrees, first in layer 2 (weights and biases).",
  );
  assert.match(
    describeChecks(exampleExperiment({ first_disagreement: { ...found, kind: "biases" }, tests: [failed, failed] })),
    /layer 2 \(biases\)\. These small tests fail: /,
  );
});
