/** Functions that decode pixels and signed levels from the server and draw them on a canvas. */

/** @typedef {[height: number, width: number]} Shape */

/** Colors of negative, zero and positive values; the same as in tokens.css. */
const NEGATIVE = [0xf5, 0x93, 0x22];
const ZERO = [0xe8, 0xea, 0xeb];
const POSITIVE = [0x08, 0x77, 0xbd];

/** Colors of the levels from −128 to 127. */
const SIGNED = palette((index) => {
  const level = Math.max(-127, index - 128) / 127;
  const end = level < 0 ? NEGATIVE : POSITIVE;
  return ZERO.map((zero, channel) => Math.round(zero + Math.abs(level) * (end[channel] - zero)));
});

const GRAY = palette((level) => [level, level, level]);

/** Pixels of the latest image, reused for the next image of the same size. @type {ImageData | null} */
let scratch = null;

/**
 * Return 256 colors as RGBA pixels of a canvas.
 * @param {(level: number) => number[]} color returns red, green and blue
 */
function palette(color) {
  const bytes = Array.from({ length: 256 }, (_, level) => [...color(level), 255]).flat();
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

/** @type {((base64: string) => Uint8Array<ArrayBuffer>) | undefined} */
const fromBase64 = Reflect.get(Uint8Array, "fromBase64")?.bind(Uint8Array);

/** Decode bytes from base64. @param {string} base64 */
export function decodeBytes(base64) {
  if (fromBase64) return fromBase64(base64); // several times faster, but not in all browsers
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index);
  return bytes;
}

/** Encode bytes as base64. @param {Uint8Array} bytes */
export function encodeBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** Decode the levels of signed values, from −127 to 127, from base64. @param {string} base64 */
export function decodeLevels(base64) {
  return new Int8Array(decodeBytes(base64).buffer);
}

/**
 * Draw a grayscale image; 0 is black and 255 is white.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} pixels
 * @param {Shape} shape
 */
export function drawGray(canvas, pixels, shape) {
  draw(canvas, shape, pixels, GRAY, 0);
}

/**
 * Draw signed values: orange below zero, light gray at zero, blue above zero.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} levels
 * @param {Shape} shape
 */
export function drawSigned(canvas, levels, shape) {
  draw(canvas, shape, levels, SIGNED, 128);
}

/**
 * Draw one color of a palette per pixel.
 * @param {HTMLCanvasElement} canvas
 * @param {Shape} shape
 * @param {ArrayLike<number>} values
 * @param {Uint32Array} colors
 * @param {number} offset index of the color for the value 0
 */
function draw(canvas, [height, width], values, colors, offset) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // `willReadFrequently` keeps the canvas off the graphics card, so that dozens of small images draw in half the time.
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) return;
  if (scratch?.width !== width || scratch.height !== height) scratch = new ImageData(width, height);
  const pixels = new Uint32Array(scratch.data.buffer);
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = colors[values[index] + offset];
  context.putImageData(scratch, 0, 0);
}
