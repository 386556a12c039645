import assert from "node:assert/strict";
import { test } from "node:test";
import { describeStart, placeNotes } from "../../../static/js/diagnosis/preflight_summary.js";

/** @param {object} values @returns {any} */
const start = (values) => ({
  first_cost: 2.31,
  expected_first_cost: 2.301,
  step_length: null,
  step_limit: null,
  ...values,
});

/** @param {string | null} field */
const note = (field) => ({ code: "input_scale", field, text: `about ${field}`, remedy: null });

test("the summary names the costs and, for gradient descent, the step length with its limit", () => {
  assert.equal(describeStart(start({})), "Cost before the first step 2.31, expected 2.30");
  assert.equal(
    describeStart(start({ step_length: 0.4041, step_limit: 2 })),
    "Cost before the first step 2.31, expected 2.30 · step length 0.4 of 2",
  );
  assert.match(describeStart(start({ step_length: 12.34, step_limit: 3.8 })), /step length 12 of 3\.8$/);
  assert.match(describeStart(start({ step_length: 0.4 })), /expected 2\.30$/);
});

test("the summary names what was left out of the examination of a large network", () => {
  assert.match(
    describeStart(start({ step_limit: 2 })),
    /expected 2\.30 · step length not computed for so many parameters$/,
  );
});

test("costs of any size are short", () => {
  assert.match(
    describeStart(start({ first_cost: 487000, expected_first_cost: 0.5 })),
    /step 4\.87e5, expected 0\.500$/,
  );
  assert.match(describeStart(start({ first_cost: 1234 })), /step 1,234,/);
  assert.match(describeStart(start({ first_cost: null })), /step not finite,/);
});

test("without a result there is no summary", () => {
  assert.equal(describeStart(null), "");
});

test("a note stands beside its field if the field is visible, and otherwise above the start button", () => {
  const notes = [note("input_scaling"), note("reduction"), note(null)];
  const { beside, above } = placeNotes(notes, (field) => field === "input_scaling");
  assert.deepEqual(beside, { input_scaling: notes[0] });
  assert.deepEqual(above, [notes[1], notes[2]]);
});
