/** Small tile of an image with its true and predicted class, confidence, ✓ or ✗, and annotations. */
import { element, setAttribute, setText } from "../core/dom.js";
import { probability } from "../core/format.js";
import { drawGray } from "./pixels.js";

/**
 * @typedef {import("../../../types/api.js").ListedImage} ListedImage
 * @typedef {import("../../../types/api.js").Annotation} Annotation
 */

/**
 * @typedef {object} TileOptions
 * @property {string[]} classNames
 * @property {string} href URL of the page with this image open
 * @property {string | null} [value] text shown instead of the confidence
 * @property {Annotation | null} [annotation] annotation of the image
 * @property {boolean} [hidden] true if guess mode hides the prediction
 * @property {boolean} [selected]
 */

/**
 * Return the URL of an image as PNG.
 * @param {string} dataset
 * @param {string} split
 * @param {number} index
 */
export function imageUrl(dataset, split, index) {
  return `/api/datasets/${encodeURIComponent(dataset)}/${split}/${index}.png`;
}

/**
 * Create an image element that draws each pixel as a square.
 * @param {string} url
 * @param {string} alt empty if the caption describes the image
 */
export function createPixelImage(url, alt = "") {
  return element("img", { className: "pixelated pixel-image", alt, src: url, decoding: "sync", draggable: false });
}

/** Link that opens an image. The same element is reused for other images. images.css adds ✓, ✗ and the arrow. */
export class Tile {
  constructor() {
    this.index = -1;
    this.drawnIndex = -1;
    this.canvas = element("canvas", { className: "pixelated pixel-image" });
    this.frame = element("span", { className: "tile-image" }, this.canvas);
    this.trueName = element("span", { className: "tile-true" });
    this.predictedName = element("span", { className: "tile-predicted" });
    this.value = element("span", { className: "tile-confidence num" });
    this.element = element(
      "a",
      { className: "tile", draggable: false },
      this.frame,
      element("span", { className: "tile-classes" }, this.trueName, this.predictedName),
      this.value,
    );
    /** Badges that show the annotation, by CSS class. @type {Map<string, HTMLElement>} */
    this.badges = new Map();
  }

  /**
   * Show another image, or another state of the same image.
   * @param {ListedImage} item
   * @param {TileOptions} options
   */
  show(item, { classNames, href, value = null, annotation = item.annotation, hidden = false, selected = false }) {
    const correct = item.true_label === item.predicted_label;
    this.index = item.index;
    const tile = this.element;
    setAttribute(tile, "href", href);
    setAttribute(tile, "data-index", String(item.index));
    setAttribute(tile, "data-outcome", hidden ? "hidden" : correct ? "correct" : "incorrect");
    setAttribute(tile, "data-selected", selected ? "true" : null);
    setAttribute(tile, "title", `Image ${item.index}`);
    const name = describeTile(item, { classNames, annotation, value, hidden });
    setAttribute(tile, "aria-label", selected ? `${name}, selected` : name);
    setText(this.trueName, hidden ? "?" : classNames[item.true_label]);
    setText(this.predictedName, hidden ? "" : classNames[item.predicted_label]);
    setText(this.value, hidden ? "" : (value ?? probability(item.confidence)));
    const label = hidden ? null : (annotation?.label ?? null);
    this.#showBadge("tile-flag", annotation?.flagged ? "⚑" : "");
    this.#showBadge("tile-label", label === null ? "" : `✎ ${classNames[label]}`);
  }

  /**
   * Show or hide a badge.
   * @param {string} className
   * @param {string} text empty to hide it
   */
  #showBadge(className, text) {
    const present = this.badges.get(className);
    if (!present && !text) return;
    const badge = present ?? element("span", { className });
    if (!present) {
      this.badges.set(className, badge);
      this.frame.append(badge);
    }
    badge.hidden = !text;
    setText(badge, text);
  }

  /**
   * Draw the pixels unless the canvas shows them already.
   * @param {Uint8Array | undefined} pixels undefined if they are not loaded yet
   * @param {import("./pixels.js").Shape} shape
   */
  draw(pixels, shape) {
    if (this.drawnIndex === this.index) return;
    if (pixels) drawGray(this.canvas, pixels, shape);
    else Object.assign(this.canvas, { height: shape[0], width: shape[1] }); // setting the size clears the canvas
    this.drawnIndex = pixels ? this.index : -1;
  }
}

/**
 * Return a tile for each item. If a tile already shows an item, that tile is returned for it. The remaining tiles are
 * reused for the remaining items.
 * @param {{index: number}[]} items
 * @param {Tile[]} tiles existing tiles
 */
export function reuseTiles(items, tiles) {
  const byIndex = new Map(tiles.map((tile) => [tile.index, tile]));
  const unchanged = new Set(items.map(({ index }) => byIndex.get(index)));
  const free = tiles.filter((tile) => !unchanged.has(tile));
  return items.map(({ index }) => byIndex.get(index) ?? free.shift() ?? new Tile());
}

/**
 * Return the accessible name of a tile.
 * @param {ListedImage} item
 * @param {{classNames: string[], annotation: Annotation | null, value: string | null, hidden: boolean}} options
 */
function describeTile(item, { classNames, annotation, value, hidden }) {
  const flagged = annotation?.flagged ? ", flagged" : "";
  if (hidden) return `Image ${item.index}: guess its class${flagged}`;
  const label = annotation?.label ?? null;
  const labeled = label === null ? "" : `, labeled ${classNames[label]} by a person`;
  const correct = item.true_label === item.predicted_label;
  return (
    `Image ${item.index}: true ${classNames[item.true_label]}, predicted ${classNames[item.predicted_label]}, ` +
    `confidence ${probability(item.confidence)}, ${value ? `${value}, ` : ""}` +
    `${correct ? "correct" : "misclassified"}${flagged}${labeled}`
  );
}
