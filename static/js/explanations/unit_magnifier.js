/** Enlarged heat map of the weights or the gradient of one hidden unit, with the outline of the image. */
import { element, partOf, setText } from "../core/dom.js";
import { plain, signed } from "../core/signed_numbers.js";
import { InkOutline } from "../images/ink_outline.js";
import { decodeBytes, decodeLevels, drawSigned } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").UnitContribution} UnitContribution
 */

const MAX_WIDTH = 224; // CSS pixels; the width of the canvas is the largest multiple of the image width up to this size

export class UnitMagnifier {
  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.panel = panel;
    this.canvas = element("canvas", { className: "pixelated" });
    this.canvas.setAttribute("role", "img");
    this.outline = new InkOutline();
    this.stack = partOf(panel, "magnifier-image");
    this.stack.replaceChildren(this.canvas, this.outline.svg);
  }

  /**
   * Show a unit.
   * @param {UnitContribution} unit
   * @param {Explanation} explanation
   * @param {{predicted: string, rival: string}} names
   */
  show(unit, { gap, pixels, shape }, { predicted, rival }) {
    drawSigned(this.canvas, scaleToFullRange(decodeLevels(unit.levels)), shape);
    this.outline.update(decodeBytes(pixels), shape);
    this.stack.style.setProperty("width", `${Math.floor(MAX_WIDTH / shape[1]) * shape[1]}px`);
    const showsWeights = gap.pictures === "weights";
    this.canvas.ariaLabel = showsWeights
      ? `Weights from the pixels to unit ${unit.unit}`
      : `Gradient of unit ${unit.unit} with respect to each pixel`;
    setText(partOf(this.panel, "magnifier-unit"), `Unit ${unit.unit}`);
    const legend = showsWeights
      ? "Blue: positive weights. Orange: negative weights. The line outlines this image."
      : "A brighter pixel raises the activation where blue, lowers it where orange. The line outlines this image.";
    const difference =
      `Activation ${plain(unit.activation)}. Its weight to ${predicted} is ` +
      `${plain(Math.abs(unit.weight_difference))} ${unit.weight_difference < 0 ? "less" : "more"} than that to ${rival}: ` +
      `${signed(unit.contribution)}.`;
    setText(partOf(this.panel, "magnifier-meaning"), `${legend} ${difference}`);
  }
}

/**
 * Scale the levels of a heat map so that the largest is 127 or −127. This makes the pattern of a unit with small
 * values visible.
 * @param {Int8Array} levels
 */
export function scaleToFullRange(levels) {
  const largest = levels.reduce((maximum, level) => Math.max(maximum, Math.abs(level)), 0);
  return largest ? levels.map((level) => Math.round((127 * level) / largest)) : levels;
}
