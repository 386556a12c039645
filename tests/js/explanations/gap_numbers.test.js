import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeDifference,
  describeLead,
  describeProof,
  describeUnit,
  explainUnit,
  formatDifference,
  formatFactors,
} from "../../../static/js/explanations/gap_numbers.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").UnitContribution} UnitContribution
 */

const NAMES = { predicted: "cat", rival: "dog" };

/**
 * @param {number} activation
 * @param {number} weightDifference
 * @returns {UnitContribution}
 */
function unit(activation, weightDifference) {
  const contribution = activation * weightDifference;
  return { unit: 7, activation, weight_difference: weightDifference, contribution, levels: "" };
}

/**
 * @param {UnitContribution[]} units
 * @param {number} biases
 * @returns {Explanation["gap"]}
 */
function gap(units, biases) {
  const value = units.reduce((sum, { contribution }) => sum + contribution, biases);
  return { value, units, n_units: units.length, other_units: 0, biases, error: 0, pictures: "weights", scale: 1 };
}

/**
 * @param {number[]} sums logits of the classes cat and dog
 * @param {Partial<Explanation>} [change]
 */
function explanation(sums, change = {}) {
  const part = { sums, predicted_label: 0, rival_label: 1, true_label: 1, gap: gap([], sums[0] - sums[1]), ...change };
  return /** @type {Explanation} */ (part);
}

test("the numbers of a difference agree with each other after rounding", () => {
  assert.equal(formatDifference(3.64, 0.71), "3.64 − 0.71 = 2.93");
  assert.equal(formatDifference(7.1654, -1.195), "7.165 − (−1.195) = 8.360"); // not 7.17 − (−1.20) = 8.36
  assert.equal(formatDifference(0.03333, 0.01111), "0.033 − 0.011 = 0.022");
});

test("the shown numbers of random differences add up, unless the sign is ≈", () => {
  let approximate = 0;
  for (let step = 1; step <= 2000; step += 1) {
    const text = formatDifference(9 * Math.abs(Math.sin(step)), -5 * Math.sin(3 * step) - 4);
    const [minuend, subtrahend, result] = [...text.matchAll(/[−-]?\d+\.\d+/g)].map(([number]) =>
      Number(number.replace("−", "-")),
    );
    if (text.includes("≈")) approximate += 1;
    else assert.ok(Math.abs(minuend - subtrahend - result) < 1e-9, text);
  }
  assert.ok(approximate < 60, `${approximate} of 2000 differences are approximate`);
});

test("the lead names its rounding where the logits beside it have two digits", () => {
  assert.equal(describeLead(explanation([3.64, 0.71]), NAMES), "cat leads dog by 2.93 in logits.");
  const rounded = describeLead(explanation([7.1654, -1.195]), NAMES);
  assert.equal(rounded, "cat leads dog by 8.36 in logits, computed before rounding.");
  const small = describeLead(explanation([7.0231, 7]), NAMES);
  assert.equal(small, "cat leads dog by 0.023 in logits, computed before rounding.");
});

test("the proof reports the sum of the rounded contributions if it is another", () => {
  const proof = "✓ The contributions add up to the logit gap of +3.00, with an error of 0.";
  assert.equal(describeProof(gap([unit(1, 2)], 1)), `${proof} The numbers above are rounded.`);
  const thirds = gap([unit(1, 1.004), unit(1, 1.004)], 0.992);
  assert.equal(describeProof(thirds), `${proof} The rounded numbers above add up to +2.99.`);
  assert.equal(describeProof(gap([], 3)), "");
});

test("the difference names the rival, or where to continue without a hidden layer", () => {
  const units = { gap: gap([unit(1, 2)], 1) };
  const difference = "Difference of the logits z: 3.00 − 0.00 = 3.00.";
  assert.equal(describeDifference(explanation([3, 0], units)), `${difference} The rival is the true class.`);
  assert.match(describeDifference(explanation([3, 0], { ...units, true_label: 0 })), /the runner-up\.$/);
  assert.match(describeDifference(explanation([3, 0])), /no hidden layer/);
});

test("a negative factor is in parentheses", () => {
  assert.equal(formatFactors(unit(2.34, -1)), "2.34 × (−1.00)");
  assert.equal(formatFactors(unit(2.29, 1.22)), "2.29 × 1.22");
});

test("the texts of a unit have the digits of the table", () => {
  assert.equal(
    describeUnit(unit(0.5, -0.02), NAMES, 3),
    "Unit 7: activation 0.50 times weight difference −0.02, contribution −0.010, toward dog",
  );
  const weights = explainUnit(unit(0.5, -0.02), "weights", NAMES, 3);
  assert.match(weights, /^Blue: positive weights\./);
  assert.match(weights, /Its weight to cat is 0\.02 less than that to dog: −0\.010\.$/);
  assert.match(explainUnit(unit(0.5, 0.02), "gradients", NAMES, 3), /raises the activation .* 0\.02 more than/);
});
