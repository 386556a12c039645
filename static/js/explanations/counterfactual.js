/**
 * Counterfactual panel. Its button starts a search for the smallest change of the pixels that corrects the prediction.
 */
import { ApiError, isAborted } from "../core/api.js";
import { partOf, setAttribute, setText } from "../core/dom.js";
import { probability } from "../core/format.js";
import { RequestCache } from "../core/request_cache.js";
import { describeChangeSize, digitsFor, signed } from "../core/signed_numbers.js";
import { decodeBytes, decodeLevels, drawGray, drawSigned } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").CounterfactualResponse} CounterfactualResponse
 */

const EXTRA_LENGTH = 0.01; // added to the length of the change; 1 is one pixel from black to white

export class CounterfactualPanel {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, classNames: string[], onEdit: (pixels: Uint8Array) => void}} options
   */
  constructor(panel, { runId, classNames, onEdit }) {
    this.panel = panel;
    this.runId = runId;
    this.classNames = classNames;
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    this.requests = new RequestCache();
    this.#part("counterfactual-search").addEventListener("click", () => this.#search());
    this.#part("counterfactual-edit").addEventListener("click", () => onEdit(this.pixels));
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /** Show another image, and its counterfactual if it is cached. @param {Explanation} explanation */
  update(explanation) {
    this.requests.cancel();
    this.explanation = explanation;
    const { predicted_label: label, true_label: truth } = explanation;
    const correct = label === truth;
    const name = this.classNames[truth];
    this.#part("counterfactual-search").hidden = correct;
    setText(
      this.#part("counterfactual-lead"),
      correct
        ? `The prediction is correct already. Paint or move the image until it is not.`
        : `Search for the smallest change after which the network predicts ${name}.`,
    );
    this.#part("counterfactual-found").hidden = true;
    setText(this.#part("counterfactual-text"), "");
    this.#setSearching(false);
    const cached = correct ? undefined : this.requests.cached(this.address);
    if (cached) this.#showCounterfactual(cached);
  }

  /** URL of the search. */
  get address() {
    const { index, epoch } = /** @type {Explanation} */ (this.explanation);
    return `/api/runs/${this.runId}/explanations/${index}/repair?epoch=${epoch}`;
  }

  async #search() {
    this.#setSearching(true);
    try {
      this.#showCounterfactual(await this.requests.get(this.address));
      this.#setSearching(false);
    } catch (error) {
      if (isAborted(error)) return;
      this.#setSearching(false);
      if (!(error instanceof ApiError)) throw error;
      setText(this.#part("counterfactual-text"), error.message);
    }
  }

  /** @param {boolean} searching */
  #setSearching(searching) {
    setAttribute(this.#part("counterfactual-search"), "aria-disabled", String(searching));
    if (searching) setText(this.#part("counterfactual-text"), "Searching…");
  }

  /** @param {CounterfactualResponse} result */
  #showCounterfactual(result) {
    if (!this.explanation) return;
    const { shape, true_label, pixels } = this.explanation;
    const name = this.classNames[true_label];
    this.#part("counterfactual-found").hidden = !result.found;
    if (!result.found) {
      setText(
        this.#part("counterfactual-text"),
        `The search found no change of the pixels after which the network predicts ${name}.`,
      );
      return;
    }
    this.pixels = applyChange(decodeBytes(pixels), result);
    drawGray(this.#canvas("counterfactual-before"), decodeBytes(pixels), shape);
    drawSigned(this.#canvas("counterfactual-map"), decodeLevels(result.levels), shape);
    drawGray(this.#canvas("counterfactual-after"), decodeBytes(result.pixels), shape);
    const mark = result.predicted_label === true_label ? "✓" : "✗";
    const prediction = `${mark} ${this.classNames[result.predicted_label]}, ${probability(result.probabilities[result.predicted_label])}`;
    setText(
      this.#part("counterfactual-text"),
      `With a change of ${describeChangeSize(result.size)}, spread over the image, the prediction becomes ${prediction}.`,
    );
    const digits = digitsFor(result.scale);
    setText(this.#part("counterfactual-scale"), `${signed(-result.scale, digits)} … ${signed(result.scale, digits)}`);
    setText(this.#part("counterfactual-prediction"), prediction);
  }

  /**
   * @param {string} name
   * @returns {HTMLCanvasElement}
   */
  #canvas(name) {
    return partOf(this.panel, name);
  }
}

/**
 * Return the image moved slightly beyond the decision boundary. The smallest change ends exactly on the boundary, where
 * rounding the pixels to whole levels could lead to either class.
 * @param {Uint8Array} pixels
 * @param {{levels: string, scale: number, size: number}} change
 */
export function applyChange(pixels, { levels, scale, size }) {
  const factor = size > 0 ? 1 + EXTRA_LENGTH / size : 1;
  const change = decodeLevels(levels);
  return Uint8Array.from(pixels, (pixel, index) =>
    Math.min(Math.max(Math.round(pixel + (255 * factor * change[index] * scale) / 127), 0), 255),
  );
}
