/**
 * Heat map of the contribution of each pixel to the logit gap, over the image or alone. Text below it describes one
 * pixel.
 */
import { partOf } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { digitsFor, errorSize, plain, signed } from "../core/signed_numbers.js";
import { inkOutline } from "../images/ink_outline.js";
import { createCanvas, describePixel, PixelCursor } from "../images/pixel_cursor.js";
import { decodeBytes, decodeLevels, drawGray, drawSigned, drawSignedOver } from "../images/pixels.js";
import { containArrowKeys } from "../ui/arrow_keys.js";
import { radioButtons } from "../ui/choices.js";

/**
 * @import {Explanation} from "../../../types/api.js"
 * @typedef {"over" | "alone" | "image"} AttributionView
 */

/** @type {[view: AttributionView, name: string][]} */
const VIEWS = [
  ["over", "Over the image"],
  ["alone", "Attribution alone"],
  ["image", "Image"],
];

export class PixelAttributionMap {
  /** @param {HTMLElement} panel @param {string[]} classNames */
  constructor(panel, classNames) {
    this.root = partOf(panel, "attribution");
    this.methods = {
      linear: partOf(panel, "attribution-of-linear"),
      integrated_gradients: partOf(panel, "attribution-of-gradients"),
    };
    this.classNames = classNames;
    /** @type {AttributionView} */
    this.view = "over";
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    this.levels = new Int8Array();
    this.canvas = createCanvas();
    /** @type {unknown} */
    this.outline = nothing;
    this.cursor = new PixelCursor({
      name: "attribution",
      label: "Contribution of each pixel; arrow keys move from pixel to pixel",
      hint: "Point at a pixel to see its contribution.",
      layers: () => [this.canvas, this.view === "alone" ? this.outline : nothing],
      describe: (row, column) => this.#describePixel(row, column),
    });
    containArrowKeys(this.root);
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.explanation = explanation;
    this.pixels = decodeBytes(explanation.pixels);
    this.levels = decodeLevels(explanation.evidence.levels);
    for (const [method, text] of Object.entries(this.methods)) text.hidden = method !== explanation.evidence.method;
    this.cursor.setShape(explanation.shape);
    this.outline = inkOutline(this.pixels, explanation.shape);
    this.#draw(explanation);
  }

  /** @param {Explanation} explanation @param {AttributionView} [view] */
  #draw(explanation, view = this.view) {
    const { shape } = explanation;
    this.view = view;
    if (this.view === "image") drawGray(this.canvas, this.pixels, shape);
    else if (this.view === "alone") drawSigned(this.canvas, this.levels, shape);
    else drawSignedOver(this.canvas, this.pixels, this.levels, shape);
    this.cursor.draw();
    render(this.#template(explanation), this.root);
  }

  /** @param {Explanation} explanation */
  #template(explanation) {
    const { evidence: attribution, gap, predicted_label, rival_label } = explanation;
    const digits = digitsFor(attribution.scale);
    return html`
      <div class="btn-group btn-group-sm text-nowrap" role="group" aria-label="View" data-part="attribution-views">
        ${radioButtons("attribution", VIEWS, this.view, (view) => this.#draw(explanation, view))}
      </div>
      ${this.cursor.stage}
      <p class="scale d-flex flex-wrap justify-content-between mb-0 small num">
        <span class="scale-ramp rounded-pill" aria-hidden="true"></span>
        <span>${signed(-attribution.scale, digits)} toward ${this.classNames[rival_label]}</span>
        <span>${signed(attribution.scale, digits)} toward ${this.classNames[predicted_label]}</span>
      </p>
      ${this.cursor.readout}
      <p class="mb-0 small text-body-secondary" data-part="attribution-sum">${describeSum(attribution, gap.value)}</p>`;
  }

  /** Describe the brightness and the contribution of a pixel. @param {number} row @param {number} column */
  #describePixel(row, column) {
    if (!this.explanation) return "";
    const { evidence, shape, predicted_label, rival_label } = this.explanation;
    const index = row * shape[1] + column;
    const contribution = (this.levels[index] / 127) * evidence.scale;
    const toward = this.classNames[contribution < 0 ? rival_label : predicted_label];
    const value = plain(contribution, digitsFor(evidence.scale) + 1);
    const text = contribution === 0 ? "no contribution" : `${value} toward ${toward}`;
    return `${describePixel(row, column, this.pixels[index])}, ${text}`;
  }
}

/**
 * Describe the sum of the contributions of all pixels, and its error.
 * @param {Explanation["evidence"]} attribution
 * @param {number} gap logit gap
 */
export function describeSum({ method, pixels, rest, steps, error }, gap) {
  const digits = digitsFor(gap);
  const linear = method === "linear";
  const sum =
    `Sum of all pixels ${signed(pixels, digits)}, ${linear ? "the biases" : "the black image"} ${signed(rest, digits)}: ` +
    `total ${signed(pixels + rest, digits)}`;
  if (linear) return `✓ ${sum}, the logit gap, with an error of ${errorSize(error)}.`;
  return `✓ ${sum}. The logit gap is ${signed(gap, digits)}; ${steps} steps leave an error of ${errorSize(error)}.`;
}
