/** Sentences about labels and guesses. */
import { count } from "../core/format.js";

/**
 * @typedef {{index: number, true_label: number, predicted_label: number}} PredictedImage
 * @import {GuessResponse, GuessScore} from "../../../types/api.js"
 */

/**
 * Describe whether a label agrees with the data set and the prediction.
 * @param {number} label
 * @param {PredictedImage} image
 */
export function describeAgreement(label, { true_label, predicted_label }) {
  if (label === true_label && label === predicted_label) return "Agrees with the data set and the prediction.";
  if (label === true_label) return "Agrees with the data set, not with the prediction.";
  return label === predicted_label
    ? "Agrees with the prediction, not with the data set."
    : "Agrees with neither the data set nor the prediction.";
}

/** Describe the scores of the person and of the network. @param {GuessScore} score */
export function describeScore({ guesses, person_right, network_right }) {
  if (guesses === 0) return "No guesses yet.";
  const total = count(guesses);
  return `You ${count(person_right)} of ${total}, network ${count(network_right)} of ${total}`;
}

/**
 * Describe the guesses of the person and of the network.
 * @param {GuessResponse} response
 * @param {string[]} classNames
 * @returns {{text: string, isCorrect: boolean}[]}
 */
export function describeGuesses({ label, true_label, predicted_label }, classNames) {
  return [
    { name: "You", guess: label },
    { name: "Network", guess: predicted_label },
  ].map(({ name, guess }) => {
    const isCorrect = guess === true_label;
    return { text: `${name} ${isCorrect ? "✓" : "✗"} ${classNames[guess]}`, isCorrect };
  });
}
