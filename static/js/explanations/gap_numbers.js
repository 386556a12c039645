/** Numbers of the logit gap, written so that a reader who recomputes them finds no contradiction. */
import { digitsFor, errorSize, plain, signed } from "../core/signed_numbers.js";

/**
 * @import {Explanation, LogitGap, UnitContribution} from "../../../types/api.js"
 * @typedef {{predicted: string, rival: string}} ClassPair names of the predicted class and its rival
 */

/**
 * Write a difference with its result. The numbers get up to two more digits if the rounded numbers contradict each
 * other, such as 7.17 − (−1.20) = 8.36. If more digits do not help, the sign is ≈.
 * @param {number} minuend
 * @param {number} subtrahend
 */
export function formatDifference(minuend, subtrahend) {
  const fewest = digitsFor(minuend - subtrahend);
  const digits = [fewest, fewest + 1, fewest + 2].find((each) => agree(minuend, subtrahend, each));
  const [sign, shown] = digits === undefined ? ["≈", fewest] : ["=", digits];
  const result = plain(minuend - subtrahend, shown);
  return `${plain(minuend, shown)} − ${inParentheses(subtrahend, shown)} ${sign} ${result}`;
}

/**
 * Return true if two rounded numbers differ by their rounded difference.
 * @param {number} minuend
 * @param {number} subtrahend
 * @param {number} digits digits after the decimal point
 */
function agree(minuend, subtrahend, digits) {
  const [one, other, difference] = [minuend, subtrahend, minuend - subtrahend].map((value) => rounded(value, digits));
  return one - other === difference;
}

/** Return a rounded number in units of its last digit: (2.345, 2) → 235. @param {number} value @param {number} digits */
function rounded(value, digits) {
  return Math.round(Number(value.toFixed(digits)) * 10 ** digits);
}

/** Put a negative number in parentheses, because it follows an operator. @param {number} value @param {number} digits */
function inParentheses(value, digits) {
  return value < 0 ? `(${plain(value, digits)})` : plain(value, digits);
}

/**
 * Describe how far the predicted class leads in the tab of the outputs, which shows logits with two digits.
 * @param {Explanation} explanation
 * @param {ClassPair} names
 */
export function describeLead({ gap, sums, predicted_label, rival_label }, names) {
  const digits = digitsFor(gap.value);
  const note = digits === 2 && agree(sums[predicted_label], sums[rival_label], 2) ? "" : ", computed before rounding";
  return `${names.predicted} leads ${names.rival} by ${plain(gap.value, digits)} in logits${note}.`;
}

/** Describe the difference of the logits, and name the rival. @param {Explanation} explanation */
export function describeDifference({ gap, sums, predicted_label, rival_label, true_label }) {
  const difference = `Difference of the logits z: ${formatDifference(sums[predicted_label], sums[rival_label])}.`;
  if (gap.units.length === 0)
    return `${difference} The network has no hidden layer. The next tab shows the contribution of each pixel.`;
  return `${difference} The rival is ${predicted_label === true_label ? "the runner-up" : "the true class"}.`;
}

/** Return all terms of the sum. @param {LogitGap} gap */
export function termsOf(gap) {
  return [...gap.units.map((unit) => unit.contribution), gap.other_units, gap.biases];
}

/**
 * State that the contributions add up to the gap, and what the rounded contributions add up to. The text is empty if
 * the table is too.
 * @param {LogitGap} gap
 */
export function describeProof(gap) {
  if (gap.units.length === 0) return "";
  const digits = digitsFor(gap.value);
  const sum = termsOf(gap).reduce((partial, term) => partial + rounded(term, digits), 0);
  const note =
    sum === rounded(gap.value, digits)
      ? "The numbers above are rounded."
      : `The rounded numbers above add up to ${signed(sum / 10 ** digits, digits)}.`;
  const total = signed(gap.value, digits);
  return `✓ The contributions add up to the logit gap of ${total}, with an error of ${errorSize(gap.error)}. ${note}`;
}

/** Write the factors of a contribution. @param {UnitContribution} unit */
export function formatFactors({ activation, weight_difference }) {
  return `${plain(activation)} × ${inParentheses(weight_difference, 2)}`;
}

/**
 * Describe the contribution of a unit for screen readers.
 * @param {UnitContribution} unit
 * @param {ClassPair} names
 * @param {number} digits
 */
export function describeUnit({ unit, activation, weight_difference, contribution }, names, digits) {
  const factors = `activation ${plain(activation)} times weight difference ${plain(weight_difference)}`;
  const favored = contribution < 0 ? names.rival : names.predicted;
  return `Unit ${unit}: ${factors}, contribution ${signed(contribution, digits)}, toward ${favored}`;
}

/**
 * Explain the heat map and the factors of the magnified unit.
 * @param {UnitContribution} unit
 * @param {LogitGap["pictures"]} kind what the heat map shows
 * @param {ClassPair} names
 * @param {number} digits
 */
export function explainUnit({ activation, weight_difference, contribution }, kind, { predicted, rival }, digits) {
  const colors =
    kind === "weights"
      ? "Blue: positive weights. Orange: negative weights."
      : "A brighter pixel raises the activation where blue, lowers it where orange.";
  const comparison = weight_difference < 0 ? "less" : "more";
  return (
    `${colors} The line outlines this image. Activation ${plain(activation)}. Its weight to ${predicted} is ` +
    `${plain(Math.abs(weight_difference))} ${comparison} than that to ${rival}: ${signed(contribution, digits)}.`
  );
}
