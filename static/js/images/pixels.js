/** Pixels and signed values as the server sends them, and how they are drawn: a pixel for a pixel, on a canvas. */

/** @typedef {[height: number, width: number]} Shape */

/** Signed values: `levels` from −127 to 127, of which 127 stands for `scale`. @typedef {{levels: string, scale: number}} SignedPicture */

/** The colors of tokens.css for values below zero, zero and above zero, which are the same in light and dark. */
const NEGATIVE = [0xf5, 0x93, 0x22];
const ZERO = [0xe8, 0xea, 0xeb];
const POSITIVE = [0x08, 0x77, 0xbd];

/** The color of each level, from −128 on. */
const SIGNED = palette((place) => {
  const level = Math.max(-127, place - 128) / 127;
  const end = level < 0 ? NEGATIVE : POSITIVE;
  return ZERO.map((zero, channel) => Math.round(zero + Math.abs(level) * (end[channel] - zero)));
});

const GREY = palette((level) => [level, level, level]);

/**
 * 256 colors, each in the four bytes that a canvas keeps of a pixel.
 * @param {(place: number) => number[]} color red, green and blue
 */
function palette(color) {
  const bytes = Array.from({ length: 256 }, (_, place) => [...color(place), 255]).flat();
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

/**
 * Bytes that came as base64.
 * @param {string} base64
 */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Bytes as base64, to be sent.
 * @param {Uint8Array} bytes
 */
export function base64Of(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Levels from −127 to 127 that came as base64.
 * @param {string} base64
 */
export function levelsOf(base64) {
  return new Int8Array(bytesOf(base64).buffer);
}

/**
 * Draw grey pixels, 0 black and 255 white.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} pixels
 * @param {Shape} shape
 */
export function drawGrey(canvas, pixels, shape) {
  draw(canvas, shape, (place) => GREY[pixels[place]]);
}

/**
 * Draw signed values: orange below zero, light grey at zero, blue above.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} levels
 * @param {Shape} shape
 */
export function drawSigned(canvas, levels, shape) {
  draw(canvas, shape, (place) => SIGNED[levels[place] + 128]);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Shape} shape
 * @param {(place: number) => number} color of one pixel
 */
function draw(canvas, [height, width], color) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // A page draws dozens of small pictures at once, which takes half the time where no graphics card is asked to help.
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) return;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let place = 0; place < pixels.length; place += 1) pixels[place] = color(place);
  context.putImageData(image, 0, 0);
}
