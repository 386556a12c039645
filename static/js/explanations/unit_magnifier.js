/** What one hidden unit looks for, large, with the image's ink drawn into it. */
import { element, partOf, setText } from "../core/dom.js";
import { plain, signed } from "../core/signed_numbers.js";
import { InkOutline } from "../images/ink_outline.js";
import { bytesOf, drawSigned, levelsOf } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/messages.js").Explanation} Explanation
 * @typedef {import("../../../types/messages.js").UnitShare} UnitShare
 */

const WIDTH = 224; // pixels of the screen, or the next lower multiple of the image's own

export class UnitMagnifier {
  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.panel = panel;
    this.canvas = element("canvas", { className: "pixelated" });
    this.canvas.setAttribute("role", "img");
    this.outline = new InkOutline();
    this.stack = partOf(panel, "magnifier-picture");
    this.stack.replaceChildren(this.canvas, this.outline.svg);
  }

  /**
   * @param {UnitShare} unit
   * @param {Explanation} explanation
   * @param {{predicted: string, rival: string}} names
   */
  show(unit, { gap, pixels, shape }, { predicted, rival }) {
    drawSigned(this.canvas, stretched(levelsOf(unit.levels)), shape);
    this.outline.update(bytesOf(pixels), shape);
    this.stack.style.setProperty("width", `${Math.floor(WIDTH / shape[1]) * shape[1]}px`);
    const weights = gap.pictures === "weights";
    this.canvas.ariaLabel = weights
      ? `Weights from the pixels to unit ${unit.unit}`
      : `How unit ${unit.unit} depends on each pixel`;
    setText(partOf(this.panel, "magnifier-unit"), `Unit ${unit.unit}`);
    const looks = weights
      ? "Blue pixels switch it on, orange ones hold it down; the line is the ink of this image."
      : "More light in a blue pixel would raise it, in an orange one lower it; the line is the ink of this image.";
    const difference =
      `Here it is at ${plain(unit.activation)}. Its weight to ${predicted} is ` +
      `${plain(Math.abs(unit.weight_difference))} ${unit.weight_difference < 0 ? "less" : "more"} than that to ${rival}: ` +
      `${signed(unit.contribution)}.`;
    setText(partOf(this.panel, "magnifier-meaning"), `${looks} ${difference}`);
  }
}

/**
 * The same picture in its own scale: units whose weights are small have a pattern too.
 * @param {Int8Array} levels
 */
export function stretched(levels) {
  const largest = levels.reduce((most, level) => Math.max(most, Math.abs(level)), 0);
  return largest ? levels.map((level) => Math.round((127 * level) / largest)) : levels;
}
