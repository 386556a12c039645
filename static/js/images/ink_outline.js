/** Outline of the bright pixels of an image, drawn over a heat map of the same size. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const BRIGHT = 128; // lowest level of a bright pixel; white is 255

export class InkOutline {
  constructor() {
    this.svg = document.createElementNS(NAMESPACE, "svg");
    this.svg.setAttribute("class", "ink-outline");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.path = document.createElementNS(NAMESPACE, "path");
    this.svg.append(this.path);
  }

  /** @param {ArrayLike<number>} pixels @param {import("./pixels.js").Shape} shape */
  update(pixels, shape) {
    this.svg.setAttribute("viewBox", `0 0 ${shape[1]} ${shape[0]}`);
    this.path.setAttribute("d", outline(pixels, shape));
  }
}

/**
 * Return the borders between bright and dark pixels as an SVG path in pixel units.
 * @param {ArrayLike<number>} pixels
 * @param {import("./pixels.js").Shape} shape
 */
export function outline(pixels, [height, width]) {
  const isBright = (/** @type {number} */ row, /** @type {number} */ column) =>
    row >= 0 && row < height && column >= 0 && column < width && pixels[row * width + column] >= BRIGHT;
  const segments = [];
  for (let row = 0; row <= height; row += 1) {
    for (let column = 0; column <= width; column += 1) {
      const bright = isBright(row, column);
      if (bright !== isBright(row - 1, column)) segments.push(`M${column} ${row}h1`);
      if (bright !== isBright(row, column - 1)) segments.push(`M${column} ${row}v1`);
    }
  }
  return segments.join("");
}
