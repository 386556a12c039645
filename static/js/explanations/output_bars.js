/** Bars of the outputs and logits of all classes, with optional marks that show the outputs for the original image. */

import { probability } from "../core/format.js";
import { html, nothing } from "../core/html.js";
import { clamp } from "../core/numbers.js";
import { plain } from "../core/signed_numbers.js";

/**
 * @typedef {object} OutputView
 * @property {readonly number[] | null} probabilities null if the outputs are not numbers
 * @property {readonly number[] | null} logits null if not loaded yet
 * @property {number} trueLabel
 * @property {number} predictedLabel
 * @property {readonly number[]} [before] outputs of the original image
 */

/** Marks of the true class, which is also the mark of a correct prediction, and of a misclassification. */
const MARKS = { true: "✓", predicted: "✗" };

/**
 * Return a list item with the output and the logit of each class.
 * @param {string[]} classNames
 * @param {OutputView} view
 * @param {{drawLogits?: boolean}} [options] `drawLogits`: true to draw bars for the logits too
 */
export function outputRows(classNames, view, { drawLogits = false } = {}) {
  const { probabilities, logits, trueLabel, predictedLabel, before } = view;
  const largest = Math.max(...(logits ?? []).map(Math.abs), 0);
  return classNames.map((name, label) => {
    const role = label === trueLabel ? "true" : label === predictedLabel ? "predicted" : null;
    const logit = logits?.[label] ?? null;
    return html`<li class="output" data-role=${role ?? nothing}>
      <span>${name}</span>
      <span class="output-track" aria-hidden="true">
        <span class="output-bar" .style=${`width: ${barLength(probabilities?.[label])}`}></span>
        ${before && html`<span class="output-before" .style=${`left: ${barLength(before[label])}`}></span>`}
      </span>
      <span class="num text-end">${probability(probabilities?.[label])}</span>
      ${drawLogits ? html`<span class="output-logit-track">${signedBar(logit ?? 0, largest)}</span>` : nothing}
      <span class="output-logit num text-end text-body-secondary">${logit === null ? "–" : plain(logit)}</span>
      <span class="output-mark">
        ${role && MARKS[role]} <span class="output-role">${label === predictedLabel ? "predicted" : role}</span>
      </span>
    </li>`;
  });
}

/**
 * Return a bar to the left or the right of the center of its track.
 * @param {number} value
 * @param {number} largest absolute value whose bar fills half of the track
 */
export function signedBar(value, largest) {
  const sign = value < 0 ? "negative" : "positive";
  return html`<span class="sum-track" aria-hidden="true">
    <span class="sum-bar" data-sign=${sign} .style=${signedBarExtent(value, largest)}></span>
  </span>`;
}

/**
 * Return the left edge and the width of a signed bar as CSS. Zero is at 50% of the track.
 * @param {number} value
 * @param {number} largest absolute value whose bar fills half of the track
 */
export function signedBarExtent(value, largest) {
  const width = largest > 0 ? (50 * Math.abs(value)) / largest : 0;
  return `left: ${(value < 0 ? 50 - width : 50).toFixed(2)}%; width: ${width.toFixed(2)}%`;
}

/** Return the length of the bar of an output. @param {number | null | undefined} output */
export function barLength(output) {
  return `${(100 * clamp(output ?? 0, 0, 1)).toFixed(2)}%`;
}
