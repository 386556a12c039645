/** How much each pixel pushed, drawn over the image, alone, or left away; one pixel's push in figures. */
import { element, partOf, setText } from "../core/dom.js";
import { percent } from "../core/format.js";
import { digitsFor, errorSize, plain, signed } from "../core/signed_numbers.js";
import { InkOutline } from "../images/ink_outline.js";
import { PixelCursor } from "../images/pixel_cursor.js";
import { bytesOf, drawGrey, drawSigned, levelsOf } from "../images/pixels.js";
import { keepArrowKeys } from "../ui/arrow_keys.js";

/**
 * @typedef {import("../../../types/messages.js").Explanation} Explanation
 * @typedef {"over" | "alone" | "image"} EvidenceView
 */

const GREY = 0.75; // of the image's brightness, so that white ink leaves room for a color

export class PixelAttributionMap {
  /**
   * @param {HTMLElement} panel
   * @param {string[]} classNames
   */
  constructor(panel, classNames) {
    this.panel = panel;
    this.classNames = classNames;
    /** @type {EvidenceView} */
    this.view = "over";
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    this.levels = new Int8Array();
    this.canvas = element("canvas", { className: "pixelated" });
    this.colors = new PushColors();
    this.outline = new InkOutline();
    this.reading = partOf(panel, "evidence-reading");
    const stage = partOf(panel, "evidence-stage");
    stage.replaceChildren(this.canvas, this.outline.svg);
    stage.setAttribute("role", "application");
    stage.ariaLabel = "Push of each pixel; the arrow keys read one after the other";
    this.cursor = new PixelCursor(stage, (row, column) => this.#read(row, column));
    this.#listen(partOf(panel, "evidence-views"));
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.explanation = explanation;
    this.pixels = bytesOf(explanation.pixels);
    this.levels = levelsOf(explanation.evidence.levels);
    this.cursor.fit(explanation.shape);
    this.outline.update(this.pixels, explanation.shape);
    this.#draw();
    this.#say(explanation);
    if (this.cursor.frame.hidden) setText(this.reading, "Point at a pixel to read its push.");
    else this.#read(this.cursor.row, this.cursor.column);
  }

  /** @param {HTMLElement} views */
  #listen(views) {
    keepArrowKeys(views);
    views.addEventListener("change", (event) => {
      this.view = /** @type {EvidenceView} */ (/** @type {HTMLInputElement} */ (event.target).value);
      this.#draw();
    });
  }

  #draw() {
    if (!this.explanation) return;
    const { shape } = this.explanation;
    this.outline.svg.toggleAttribute("hidden", this.view !== "alone");
    if (this.view === "image") drawGrey(this.canvas, this.pixels, shape);
    else if (this.view === "alone") drawSigned(this.canvas, this.levels, shape);
    else this.colors.drawOver(this.canvas, this.pixels, this.levels, shape);
  }

  /** @param {Explanation} explanation */
  #say({ evidence, gap, predicted_label, rival_label }) {
    const part = (/** @type {string} */ name) => partOf(this.panel, name);
    const linear = evidence.method === "linear";
    const ends = digitsFor(evidence.scale);
    setText(part("evidence-negative"), `${signed(-evidence.scale, ends)} toward ${this.classNames[rival_label]}`);
    setText(part("evidence-positive"), `${signed(evidence.scale, ends)} toward ${this.classNames[predicted_label]}`);
    const digits = digitsFor(gap.value);
    const rest = linear ? "the biases" : "the black image";
    const sum =
      `All pixels ${signed(evidence.pixels, digits)}, ${rest} ${signed(evidence.rest, digits)}: ` +
      `together ${signed(evidence.pixels + evidence.rest, digits)}`;
    const proof = linear
      ? `, the deciding gap, with an error of ${errorSize(evidence.error)}.`
      : `. The gap is ${signed(gap.value, digits)}; ${evidence.steps} steps leave an error of ${errorSize(evidence.error)}.`;
    setText(part("evidence-sum"), `✓ ${sum}${proof}`);
    part("evidence-of-linear").hidden = !linear;
    part("evidence-of-gradients").hidden = linear;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #read(row, column) {
    if (!this.explanation) return;
    const { evidence, shape, predicted_label, rival_label } = this.explanation;
    const place = row * shape[1] + column;
    const push = (this.levels[place] / 127) * evidence.scale;
    const toward = push === 0 ? "" : ` toward ${this.classNames[push < 0 ? rival_label : predicted_label]}`;
    const light = percent(this.pixels[place] / 255, 0);
    const words = push === 0 ? "no push" : `${plain(push, digitsFor(evidence.scale) + 1)}${toward}`;
    setText(this.reading, `Row ${row}, column ${column}: ${light} white, ${words}`);
  }
}

/** The image in grey, and on it each push in its color, the denser the stronger. */
class PushColors {
  constructor() {
    this.canvas = element("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Uint8Array} pixels
   * @param {Int8Array} levels
   * @param {import("../images/pixels.js").Shape} shape
   */
  drawOver(canvas, pixels, levels, shape) {
    const full = levels.map((level) => 127 * Math.sign(level));
    drawSigned(this.canvas, full, shape);
    const image = this.context?.getImageData(0, 0, shape[1], shape[0]);
    if (!image) return;
    pixels.forEach((pixel, place) => {
      const opacity = Math.abs(levels[place]) / 127;
      const grey = (1 - opacity) * GREY * pixel;
      for (let channel = 4 * place; channel < 4 * place + 3; channel += 1) {
        image.data[channel] = grey + opacity * image.data[channel];
      }
    });
    [canvas.height, canvas.width] = shape;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}
