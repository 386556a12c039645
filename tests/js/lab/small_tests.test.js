import assert from "node:assert/strict";
import { test } from "node:test";
import { describeMatches } from "../../../static/js/lab/gradient_check.js";
import { groupTests } from "../../../static/js/lab/small_tests.js";
import { shortNumber, telemetryRows } from "../../../static/js/lab/telemetry_table.js";
import { exampleExperiment, exampleTelemetry, exampleTest } from "./examples.js";

test("failed tests are shown at once, and the others are counted", () => {
  const failed = exampleTest({ verdict: "failed" });
  const { shown, others, description } = groupTests([
    exampleTest({}),
    failed,
    exampleTest({ verdict: "not_applicable" }),
    exampleTest({}),
  ]);
  assert.deepEqual(shown, [failed]);
  assert.equal(others.length, 3);
  assert.equal(description, "2 tests pass, 1 test does not apply");
});

test("without verdicts, all tests that have measured something are shown", () => {
  const unused = exampleTest({ verdict: null, measured: [] });
  const measured = exampleTest({ verdict: null });
  const { shown, others, description } = groupTests([unused, measured]);
  assert.deepEqual([shown, others, description], [[measured], [unused], "1 test does not apply"]);
});

test("matching bugs are named with their layers", () => {
  const match = { bug: "B09", title: "Sum over the batch", layer: null, difference: 0 };
  assert.equal(describeMatches([]), "No single known bug returns exactly this gradient.");
  assert.equal(
    describeMatches([match, { ...match, bug: "B12", title: "Own outputs", layer: 2 }]),
    "Exactly the gradient of B09 (sum over the batch) and of B12 in layer 2 (own outputs).",
  );
});

test("the telemetry table has the columns with values, from the output to the input", () => {
  const second = exampleTelemetry({ layer: 2, saturated_fraction: [null, null, null] });
  const { columns, rows } = telemetryRows(
    exampleExperiment({
      telemetry: {
        right: [exampleTelemetry(), second],
        wrong: [exampleTelemetry({ gradient_norm: [null, 70, null] }), second],
      },
    }),
  );
  assert.deepEqual(columns, ["Gradient norm", "Step ÷ weights", "Saturated"]);
  assert.deepEqual(rows, [
    { layer: 2, right: ["0.5 → 0.25", "0.01", "–"], wrong: ["0.5 → 0.25", "0.01", "–"] },
    { layer: 1, right: ["0.5 → 0.25", "0.01", "0% → 36%"], wrong: ["70 → –", "0.01", "0% → 36%"] },
  ]);
});

test("numbers have two digits", () => {
  assert.deepEqual([0.2421, 70.13, 7.88e-7, 0, null, 123456].map(shortNumber), [
    "0.24",
    "70",
    "7.9e-7",
    "0",
    "–",
    "1.2e5",
  ]);
});
