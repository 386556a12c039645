/** Signed numbers and small errors as text. */

const MINUS = "−";
const RAISED = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/**
 * How many digits after the point tell figures of this size apart: 2 for 2.31, 4 for 0.0231.
 * @param {number} largest of the figures that stand together
 */
export function digitsFor(largest) {
  const size = Math.abs(largest);
  if (!(size > 0)) return 2;
  return Math.min(Math.max(1 - Math.floor(Math.log10(size)), 2), 6);
}

/**
 * With a true minus sign, and a plus sign too: −0.50, +1.20.
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? MINUS : "+"}${text}`;
}

/**
 * With a true minus sign, but no plus sign: −0.50, 1.20.
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function plain(value, digits = 2) {
  return signed(value, digits).replace("+", "");
}

/**
 * The size of an error: 0, 4 × 10⁻¹⁶, 0.002.
 * @param {number} error
 */
export function errorSize(error) {
  const size = Math.abs(error);
  if (size === 0) return "0";
  if (size >= 0.001) return size.toPrecision(2);
  const [digit, power] = size.toExponential(0).split("e-");
  return `${digit}\u00a0×\u00a010⁻${[...power].map((figure) => RAISED[Number(figure)]).join("")}`;
}

/**
 * The length of a change of pixels, made vivid: "0.15, as much as one pixel by 15% of the way from black to white".
 * @param {number} size √ Σ difference², where 1 is the whole way from black to white
 */
export function changeInWords(size) {
  const pixels =
    size <= 1
      ? `one pixel by ${(100 * size).toFixed(0)}% of the way`
      : `${(size ** 2).toFixed(1)} pixels the whole way`;
  return `${plain(size)}, as much as ${pixels} from black to white`;
}
