/** The smallest change of the pixels that gives the true class: looked for on request, shown as a sum of pictures. */
import { ApiError } from "../core/api.js";
import { partOf, setAttribute, setText } from "../core/dom.js";
import { share } from "../core/format.js";
import { isAborted, RequestCache } from "../core/request_cache.js";
import { changeInWords, digitsFor, signed } from "../core/signed_numbers.js";
import { bytesOf, drawGrey, drawSigned, levelsOf } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/messages.js").Explanation} Explanation
 * @typedef {import("../../../types/messages.js").RepairAnswer} RepairAnswer
 */

const BEYOND = 0.01; // the whole way from black to white is 1

export class CounterfactualPanel {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, classNames: string[], onGoOn: (pixels: Uint8Array) => void}} options
   */
  constructor(panel, { runId, classNames, onGoOn }) {
    this.panel = panel;
    this.runId = runId;
    this.classNames = classNames;
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    this.answers = new RequestCache();
    this.#part("repair-find").addEventListener("click", () => this.#find());
    this.#part("repair-go-on").addEventListener("click", () => onGoOn(this.pixels));
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.answers.cancel();
    this.explanation = explanation;
    const { predicted_label: label, true_label: truth } = explanation;
    const right = label === truth;
    const name = this.classNames[truth];
    this.#part("repair-find").hidden = right;
    setText(
      this.#part("repair-lead"),
      right
        ? `The answer is right already, so nothing has to be fixed. Paint or move the image until it is not.`
        : `How little would have to be different for the network to read ${name}?`,
    );
    this.#part("repair-found").hidden = true;
    setText(this.#part("repair-words"), "");
    this.#wait(false);
    const known = right ? undefined : this.answers.known(this.address);
    if (known) this.#show(known);
  }

  get address() {
    const { index, epoch } = /** @type {Explanation} */ (this.explanation);
    return `/api/runs/${this.runId}/explanations/${index}/repair?epoch=${epoch}`;
  }

  async #find() {
    this.#wait(true);
    try {
      this.#show(await this.answers.get(this.address));
      this.#wait(false);
    } catch (error) {
      if (isAborted(error)) return;
      this.#wait(false);
      if (!(error instanceof ApiError)) throw error;
      setText(this.#part("repair-words"), error.message);
    }
  }

  /** @param {boolean} waiting */
  #wait(waiting) {
    setAttribute(this.#part("repair-find"), "aria-disabled", String(waiting));
    if (waiting) setText(this.#part("repair-words"), "Looking for it…");
  }

  /** @param {RepairAnswer} answer */
  #show(answer) {
    if (!this.explanation) return;
    const { shape, true_label, pixels } = this.explanation;
    const name = this.classNames[true_label];
    this.#part("repair-found").hidden = !answer.found;
    if (!answer.found) {
      setText(this.#part("repair-words"), `The search found no change of these pixels that is read as ${name}.`);
      return;
    }
    this.pixels = changed(bytesOf(pixels), answer);
    drawGrey(this.#canvas("repair-before"), bytesOf(pixels), shape);
    drawSigned(this.#canvas("repair-map"), levelsOf(answer.levels), shape);
    drawGrey(this.#canvas("repair-after"), bytesOf(answer.pixels), shape);
    const mark = answer.predicted_label === true_label ? "✓" : "✗";
    const read = `${mark} ${this.classNames[answer.predicted_label]}, ${share(answer.probabilities[answer.predicted_label])}`;
    setText(
      this.#part("repair-words"),
      `It takes a change of ${changeInWords(answer.size)}, spread over the image: then it is read as ${read}.`,
    );
    const digits = digitsFor(answer.scale);
    setText(this.#part("repair-scale"), `${signed(-answer.scale, digits)} … ${signed(answer.scale, digits)}`);
    setText(this.#part("repair-answer"), read);
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
 * The image with the change, a hair longer than it needs to be: the smallest change ends where two classes are level,
 * and rounding the pixels to whole levels would decide between them.
 * @param {Uint8Array} pixels
 * @param {RepairAnswer} answer
 */
function changed(pixels, { levels, scale, size }) {
  const stretch = size > 0 ? 1 + BEYOND / size : 1;
  const change = levelsOf(levels);
  return Uint8Array.from(pixels, (pixel, place) =>
    Math.min(Math.max(Math.round(pixel + (255 * stretch * change[place] * scale) / 127), 0), 255),
  );
}
