/**
 * Counterfactual panel. Its button starts a search for the smallest change of the pixels that corrects the prediction.
 */

import { ApiError, isAborted } from "../core/api.js";
import { partOf } from "../core/dom.js";
import { probability } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { RequestCache } from "../core/request_cache.js";
import { digitsFor, inPixels, signed, upperBound } from "../core/signed_numbers.js";
import { createCanvas } from "../images/pixel_cursor.js";
import { decodeBytes, decodeLevels, drawGray, drawSigned } from "../images/pixels.js";

/** @import {CounterfactualResponse, Explanation} from "../../../types/api.js" */

export class CounterfactualPanel {
  /**
   * @param {HTMLElement} panel
   * @param {{
   *   runId: number,
   *   classNames: string[],
   *   onEdit: (pixels: Uint8Array) => void,
   *   onSize: (index: number, epoch: number, size: number) => void,
   * }} options `onSize`: called with the size of a change that a search has found
   */
  constructor(panel, { runId, classNames, onEdit, onSize }) {
    this.root = partOf(panel, "counterfactual");
    this.runId = runId;
    this.classNames = classNames;
    this.onEdit = onEdit;
    this.onSize = onSize;
    this.requests = new RequestCache();
    this.before = createCanvas();
    this.change = createCanvas("The change: blue is brighter, orange darker");
    this.after = createCanvas();
  }

  /** Show another image, and its counterfactual if it is cached. @param {Explanation} explanation */
  update(explanation) {
    this.requests.cancel();
    const correct = explanation.predicted_label === explanation.true_label;
    const cached = correct ? null : (this.requests.cached(this.#address(explanation)) ?? null);
    this.#show(explanation, { result: cached });
  }

  /** Return the URL of the search. @param {Explanation} explanation */
  #address({ index, epoch }) {
    return `/api/runs/${this.runId}/explanations/${index}/repair?epoch=${epoch}`;
  }

  /** @param {Explanation} explanation */
  async #search(explanation) {
    this.#show(explanation, { searching: true });
    try {
      /** @type {CounterfactualResponse} */
      const result = await this.requests.get(this.#address(explanation));
      this.#show(explanation, { result });
      if (result.found) this.onSize(explanation.index, explanation.epoch, result.size);
    } catch (error) {
      if (isAborted(error)) return;
      if (!(error instanceof ApiError)) throw error;
      this.#show(explanation, { problem: error.message });
    }
  }

  /**
   * Show the state of the search.
   * @param {Explanation} explanation
   * @param {{searching?: boolean, problem?: string, result?: CounterfactualResponse | null}} state
   */
  #show(explanation, { searching = false, problem = "", result = null }) {
    const { true_label, predicted_label, pixels, shape } = explanation;
    const name = this.classNames[true_label];
    const correct = predicted_label === true_label;
    if (result?.found) {
      drawGray(this.before, decodeBytes(pixels), shape);
      drawSigned(this.change, decodeLevels(result.levels), shape);
      drawGray(this.after, decodeBytes(result.pixels), shape);
    }
    const text = searching ? "Searching…" : result ? describeResult(result, true_label, this.classNames) : problem;
    render(
      html`
        <p class="mb-0 text-body-secondary" data-part="counterfactual-lead">${
          correct
            ? "The prediction is correct already. Paint or move the image until it is not."
            : `Search for the smallest change after which the network predicts ${name}.`
        }</p>
        <button class="btn btn-primary btn-sm align-self-start" data-part="counterfactual-search" type="button" aria-disabled=${searching} ?hidden=${correct} @click=${() => this.#search(explanation)}>Search for the smallest change</button>
        <p class="mb-0" data-part="counterfactual-text" role="status">${text}</p>
        ${result?.found ? this.#images(result, explanation) : nothing}`,
      this.root,
    );
  }

  /** @param {CounterfactualResponse} result @param {Explanation} explanation */
  #images(result, explanation) {
    const { predicted_label, probabilities, scale } = result;
    const digits = digitsFor(scale);
    const outcome = describeOutcome(
      predicted_label,
      explanation.true_label,
      probabilities[predicted_label],
      this.classNames,
    );
    const edit = () => this.onEdit(decodeBytes(result.pixels));
    const figure = (/** @type {HTMLCanvasElement} */ canvas, /** @type {string} */ caption) =>
      html`<figure class="m-0">${canvas}<figcaption class="small text-body-secondary">${caption}</figcaption></figure>`;
    return html`
      <div class="counterfactual d-flex flex-wrap align-items-center gap-3" data-part="counterfactual-found">
        ${figure(this.before, "original image")}
        <span class="fs-4" aria-hidden="true">+</span>
        ${figure(this.change, `${signed(-scale, digits)} … ${signed(scale, digits)}`)}
        <span class="fs-4" aria-hidden="true">=</span>
        ${figure(this.after, outcome)}
        <button class="btn btn-outline-secondary btn-sm" data-part="counterfactual-edit" type="button" @click=${edit}>Edit this image</button>
      </div>`;
  }
}

/**
 * Describe a prediction and whether it is correct, such as "✗ 7, 99.5%".
 * @param {number} label
 * @param {number} trueLabel
 * @param {number | null | undefined} output
 * @param {string[]} classNames
 */
export function describeOutcome(label, trueLabel, output, classNames) {
  return `${label === trueLabel ? "✓" : "✗"} ${classNames[label]}, ${probability(output)}`;
}

/**
 * Describe the result of the search.
 * @param {Pick<CounterfactualResponse, "found" | "size" | "predicted_label" | "probabilities">} result
 * @param {number} trueLabel
 * @param {string[]} classNames
 */
export function describeResult({ found, size, predicted_label: label, probabilities }, trueLabel, classNames) {
  if (!found)
    return `The search found no change of the pixels after which the network predicts ${classNames[trueLabel]}.`;
  const outcome = describeOutcome(label, trueLabel, probabilities[label], classNames);
  const bound = upperBound(size);
  return (
    `The smallest change has a size of at most ${bound}, ${inPixels(Number(bound))}. ` +
    `With the change below, the prediction becomes ${outcome}.`
  );
}
