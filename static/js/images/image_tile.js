/** Small tile of an image with its true and predicted class, confidence, ✓ or ✗, and annotations. */
import { element } from "../core/dom.js";
import { probability } from "../core/format.js";
import { html, nothing } from "../core/html.js";
import { drawGray } from "./pixels.js";

/**
 * @import {Annotation, ListedImage} from "../../../types/api.js"
 *
 * @typedef {object} TileOptions
 * @property {string[]} classNames
 * @property {string} href URL of the page with this image open
 * @property {string | null} [value] text shown instead of the confidence
 * @property {Annotation | null} [annotation] annotation of the image
 * @property {boolean} [hidden] true if guess mode hides the prediction
 * @property {boolean} [selected]
 * @property {boolean} [open]
 * @property {number} [tabIndex]
 */

/** Return the URL of an image as PNG. @param {string} dataset @param {string} split @param {number} index */
export function imageUrl(dataset, split, index) {
  return `/api/datasets/${encodeURIComponent(dataset)}/${split}/${index}.png`;
}

/** Create the canvas of a tile. */
export const createTileCanvas = () => element("canvas", { className: "pixelated pixel-image" });

/** Image that each canvas shows. @type {WeakMap<HTMLCanvasElement, number>} */
const drawnImages = new WeakMap();

/**
 * Draw an image unless the canvas shows it already. Clear the canvas if the pixels are not loaded.
 * @param {HTMLCanvasElement} canvas
 * @param {number} index
 * @param {{get: (index: number) => Uint8Array | undefined, shape: import("./pixels.js").Shape}} store
 */
export function drawTile(canvas, index, store) {
  if (drawnImages.get(canvas) === index) return;
  const pixels = store.get(index);
  if (pixels) {
    drawGray(canvas, pixels, store.shape);
    drawnImages.set(canvas, index);
  } else {
    Object.assign(canvas, { height: store.shape[0], width: store.shape[1] }); // setting the size clears the canvas
    drawnImages.delete(canvas);
  }
}

/**
 * Template of a link that opens an image. images.css adds ✓, ✗ and the arrow.
 * @param {ListedImage} item
 * @param {HTMLCanvasElement} canvas
 * @param {TileOptions} options
 */
export function tileTemplate(item, canvas, options) {
  const { classNames, href, value = null, annotation = item.annotation, hidden = false, selected = false } = options;
  const correct = item.true_label === item.predicted_label;
  const label = hidden ? null : (annotation?.label ?? null);
  const name = describeTile(item, { classNames, annotation, value, hidden });
  return html`<a class="tile" draggable="false" href=${href} data-index=${item.index}
    data-outcome=${hidden ? "hidden" : correct ? "correct" : "incorrect"} data-selected=${selected || nothing}
    aria-current=${options.open || nothing} tabindex=${options.tabIndex ?? nothing} title="Image ${item.index}"
    aria-label=${selected ? `${name}, selected` : name}>
    <span class="tile-image">${canvas}${annotation?.flagged ? html`<span class="tile-flag">⚑</span>` : nothing}${
      label === null ? nothing : html`<span class="tile-label">✎ ${classNames[label]}</span>`
    }</span>
    <span class="tile-classes">
      <span class="tile-true" .textContent=${hidden ? "?" : classNames[item.true_label]}></span>
      <span class="tile-predicted" .textContent=${hidden ? "" : classNames[item.predicted_label]}></span>
    </span>
    <span class="tile-confidence num" .textContent=${hidden ? "" : (value ?? probability(item.confidence))}></span>
  </a>`;
}

/**
 * Return the accessible name of a tile.
 * @param {ListedImage} item
 * @param {{classNames: string[], annotation: Annotation | null, value: string | null, hidden: boolean}} options
 */
export function describeTile(item, { classNames, annotation, value, hidden }) {
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

/** Canvases of the tiles in a list. Each position has one canvas, which is drawn again for another image. */
export class TileCanvases {
  /** @type {HTMLCanvasElement[]} */
  #canvases = [];

  /** @param {number} position */
  at(position) {
    this.#canvases[position] ??= createTileCanvas();
    return this.#canvases[position];
  }

  /** Draw the images of a list. @param {{index: number}[]} items @param {Parameters<typeof drawTile>[2]} store */
  draw(items, store) {
    items.forEach(({ index }, position) => {
      drawTile(this.at(position), index, store);
    });
  }
}
