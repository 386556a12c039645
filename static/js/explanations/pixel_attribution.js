/**
 * Heat map of the contribution of each pixel to the logit gap, over the image or alone. Text below it describes one
 * pixel.
 */
import { element, partOf, setText } from "../core/dom.js";
import { percent } from "../core/format.js";
import { digitsFor, errorSize, plain, signed } from "../core/signed_numbers.js";
import { InkOutline } from "../images/ink_outline.js";
import { PixelCursor } from "../images/pixel_cursor.js";
import { decodeBytes, decodeLevels, drawGray, drawSigned } from "../images/pixels.js";
import { containArrowKeys } from "../ui/arrow_keys.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {"over" | "alone" | "image"} AttributionView
 */

const BRIGHTNESS = 0.75; // factor that darkens the image below the heat map, so that colors are visible on white pixels

export class PixelAttributionMap {
  /**
   * @param {HTMLElement} panel
   * @param {string[]} classNames
   */
  constructor(panel, classNames) {
    this.panel = panel;
    this.classNames = classNames;
    /** @type {AttributionView} */
    this.view = "over";
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    this.levels = new Int8Array();
    this.canvas = element("canvas", { className: "pixelated" });
    this.overlay = new AttributionOverlay();
    this.outline = new InkOutline();
    this.readout = partOf(panel, "attribution-readout");
    const stage = partOf(panel, "attribution-stage");
    stage.replaceChildren(this.canvas, this.outline.svg);
    stage.setAttribute("role", "application");
    stage.ariaLabel = "Contribution of each pixel; arrow keys move from pixel to pixel";
    this.cursor = new PixelCursor(stage, (row, column) => this.#showPixel(row, column));
    this.#listenForView(partOf(panel, "attribution-views"));
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.explanation = explanation;
    this.pixels = decodeBytes(explanation.pixels);
    this.levels = decodeLevels(explanation.evidence.levels);
    this.cursor.setShape(explanation.shape);
    this.outline.update(this.pixels, explanation.shape);
    this.#draw();
    this.#describe(explanation);
    if (this.cursor.frame.hidden) setText(this.readout, "Point at a pixel to see its contribution.");
    else this.#showPixel(this.cursor.row, this.cursor.column);
  }

  /** Redraw when a person selects another view. @param {HTMLElement} views */
  #listenForView(views) {
    containArrowKeys(views);
    views.addEventListener("change", (event) => {
      this.view = /** @type {AttributionView} */ (/** @type {HTMLInputElement} */ (event.target).value);
      this.#draw();
    });
  }

  #draw() {
    if (!this.explanation) return;
    const { shape } = this.explanation;
    this.outline.svg.toggleAttribute("hidden", this.view !== "alone");
    if (this.view === "image") drawGray(this.canvas, this.pixels, shape);
    else if (this.view === "alone") drawSigned(this.canvas, this.levels, shape);
    else this.overlay.drawOver(this.canvas, this.pixels, this.levels, shape);
  }

  /** Describe the scale and the sum of the contributions. @param {Explanation} explanation */
  #describe({ evidence: attribution, gap, predicted_label, rival_label }) {
    const part = (/** @type {string} */ name) => partOf(this.panel, name);
    const linear = attribution.method === "linear";
    const scaleDigits = digitsFor(attribution.scale);
    setText(
      part("attribution-negative"),
      `${signed(-attribution.scale, scaleDigits)} toward ${this.classNames[rival_label]}`,
    );
    setText(
      part("attribution-positive"),
      `${signed(attribution.scale, scaleDigits)} toward ${this.classNames[predicted_label]}`,
    );
    const digits = digitsFor(gap.value);
    const rest = linear ? "the biases" : "the black image";
    const sum =
      `Sum of all pixels ${signed(attribution.pixels, digits)}, ${rest} ${signed(attribution.rest, digits)}: ` +
      `total ${signed(attribution.pixels + attribution.rest, digits)}`;
    const proof = linear
      ? `, the logit gap, with an error of ${errorSize(attribution.error)}.`
      : `. The logit gap is ${signed(gap.value, digits)}; ${attribution.steps} steps leave an error of ${errorSize(attribution.error)}.`;
    setText(part("attribution-sum"), `✓ ${sum}${proof}`);
    part("attribution-of-linear").hidden = !linear;
    part("attribution-of-gradients").hidden = linear;
  }

  /**
   * Show the brightness and the contribution of a pixel.
   * @param {number} row
   * @param {number} column
   */
  #showPixel(row, column) {
    if (!this.explanation) return;
    const { evidence: attribution, shape, predicted_label, rival_label } = this.explanation;
    const index = row * shape[1] + column;
    const contribution = (this.levels[index] / 127) * attribution.scale;
    const toward =
      contribution === 0 ? "" : ` toward ${this.classNames[contribution < 0 ? rival_label : predicted_label]}`;
    const brightness = percent(this.pixels[index] / 255, 0);
    const text =
      contribution === 0 ? "no contribution" : `${plain(contribution, digitsFor(attribution.scale) + 1)}${toward}`;
    setText(this.readout, `Row ${row}, column ${column}: ${brightness} white, ${text}`);
  }
}

/** Gray image with a colored overlay: the opacity of a pixel shows the size of its contribution. */
class AttributionOverlay {
  constructor() {
    this.canvas = element("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * Draw contributions over an image.
   * @param {HTMLCanvasElement} canvas
   * @param {Uint8Array} pixels
   * @param {Int8Array} levels
   * @param {import("../images/pixels.js").Shape} shape
   */
  drawOver(canvas, pixels, levels, shape) {
    const fullColors = levels.map((level) => 127 * Math.sign(level));
    drawSigned(this.canvas, fullColors, shape);
    const image = this.context?.getImageData(0, 0, shape[1], shape[0]);
    if (!image) return;
    pixels.forEach((pixel, index) => {
      const opacity = Math.abs(levels[index]) / 127;
      const gray = (1 - opacity) * BRIGHTNESS * pixel;
      for (let channel = 4 * index; channel < 4 * index + 3; channel += 1) {
        image.data[channel] = gray + opacity * image.data[channel];
      }
    });
    [canvas.height, canvas.width] = shape;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}
