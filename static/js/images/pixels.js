/** Functions that decode pixels and signed levels from the server and draw them on a canvas. */

/** @typedef {[height: number, width: number]} Shape */

/** Colors of negative, zero and positive values; the same as in tokens.css. */
const NEGATIVE = [0xf5, 0x93, 0x22];
const ZERO = [0xe8, 0xea, 0xeb];
const POSITIVE = [0x08, 0x77, 0xbd];

/** Colors of the levels from −128 to 127. */
const SIGNED = palette((index) => {
  const level = Math.max(-127, index - 128) / 127;
  return mix(ZERO, level < 0 ? NEGATIVE : POSITIVE, Math.abs(level));
});

const GRAY = palette((level) => [level, level, level]);

const BRIGHTNESS = 0.75; // factor that darkens an image below signed values, so that colors are visible on white pixels

/** Pixels of the latest image, reused for the next image of the same size. @type {ImageData | null} */
let scratch = null;

/**
 * Return 256 colors as RGBA pixels of a canvas.
 * @param {(level: number) => number[]} color returns red, green and blue
 */
function palette(color) {
  return rgba(Array.from({ length: 256 }, (_, level) => color(level)));
}

/** Return colors as RGBA pixels of a canvas. @param {number[][]} colors red, green and blue of each pixel */
function rgba(colors) {
  return new Uint32Array(Uint8Array.from(colors.flatMap((color) => [...color, 255])).buffer);
}

/** Mix two colors. @param {number[]} from @param {number[]} to @param {number} share share of `to`, from 0 to 1 */
function mix(from, to, share) {
  return from.map((value, channel) => Math.round(value + share * (to[channel] - value)));
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
  draw(canvas, shape, (index) => GRAY[pixels[index]]);
}

/**
 * Draw signed values: orange below zero, light gray at zero, blue above zero.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} levels
 * @param {Shape} shape
 */
export function drawSigned(canvas, levels, shape) {
  draw(canvas, shape, (index) => SIGNED[levels[index] + 128]);
}

/**
 * Draw signed values over a grayscale image: the opacity of a color shows the size of the value.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} levels
 * @param {Shape} shape
 */
export function drawSignedOver(canvas, pixels, levels, shape) {
  const colors = rgba(Array.from(pixels, (pixel, index) => blend(pixel, levels[index])));
  draw(canvas, shape, (index) => colors[index]);
}

/**
 * Return the color of a signed value over a gray pixel as red, green and blue.
 * @param {number} pixel 0 for black to 255 for white
 * @param {number} level −127 to 127
 */
export function blend(pixel, level) {
  const gray = BRIGHTNESS * pixel;
  return mix([gray, gray, gray], level < 0 ? NEGATIVE : POSITIVE, Math.abs(level) / 127);
}

/**
 * Draw one color per pixel. The colors come from values and never from a canvas, because browsers that protect against
 * fingerprinting return random pixels of a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {Shape} shape
 * @param {(index: number) => number} colorOf returns the RGBA pixel at an index
 */
function draw(canvas, [height, width], colorOf) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // `willReadFrequently` keeps the canvas off the graphics card, so that dozens of small images draw in half the time.
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) return;
  if (scratch?.width !== width || scratch.height !== height) scratch = new ImageData(width, height);
  const pixels = new Uint32Array(scratch.data.buffer);
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = colorOf(index);
  context.putImageData(scratch, 0, 0);
}
