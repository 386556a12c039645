/** One image and what the network made of it, small: the picture, true → predicted, the confidence, ✓ or ✗, ⚑. */
import { element, setAttribute, setText } from "../core/dom.js";
import { share } from "../core/format.js";
import { drawGrey } from "./pixels.js";

/**
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("../../../types/messages.js").Annotation} Annotation
 */

/**
 * @typedef {object} TileOptions
 * @property {string[]} classNames
 * @property {string} href where the tile leads
 * @property {string | null} [figure] shown in place of the confidence
 * @property {Annotation | null} [annotation] what people say of the image
 * @property {boolean} [hidden] whether the answer is kept from a person who is to guess it
 * @property {boolean} [selected]
 */

/**
 * @param {string} dataset
 * @param {string} split
 * @param {number} index
 */
export function pictureAddress(dataset, split, index) {
  return `/api/datasets/${encodeURIComponent(dataset)}/${split}/${index}.png`;
}

/**
 * An image of a data set with its own pixels, each drawn as a square.
 * @param {string} address
 * @param {string} alt empty where the text beside it says the same
 */
export function picture(address, alt = "") {
  return element("img", { className: "pixelated picture", alt, src: address, decoding: "sync", draggable: false });
}

/** A link that looks like one image; it can be given another one. ✓, ✗ and the arrow are in tiles.css. */
export class Tile {
  constructor() {
    this.index = -1;
    this.drawn = -1;
    this.canvas = element("canvas", { className: "pixelated picture" });
    this.picture = element("span", { className: "tile-picture" }, this.canvas);
    this.trueName = element("span", { className: "tile-true" });
    this.predictedName = element("span", { className: "tile-predicted" });
    this.figure = element("span", { className: "tile-confidence num" });
    this.element = element(
      "a",
      { className: "tile", draggable: false },
      this.picture,
      element("span", { className: "tile-classes" }, this.trueName, this.predictedName),
      this.figure,
    );
    /** What few tiles have, by class. @type {Map<string, HTMLElement>} */
    this.badges = new Map();
  }

  /**
   * @param {Mistake} item
   * @param {TileOptions} options
   */
  show(item, { classNames, href, figure = null, annotation = item.annotation, hidden = false, selected = false }) {
    const right = item.true_label === item.predicted_label;
    this.index = item.index;
    const tile = this.element;
    setAttribute(tile, "href", href);
    setAttribute(tile, "data-index", String(item.index));
    setAttribute(tile, "data-answer", hidden ? "hidden" : right ? "right" : "wrong");
    setAttribute(tile, "data-selected", selected ? "true" : null);
    setAttribute(tile, "title", `Image ${item.index}`);
    const name = describe(item, { classNames, annotation, figure, hidden });
    setAttribute(tile, "aria-label", selected ? `${name}, selected` : name);
    setText(this.trueName, hidden ? "?" : classNames[item.true_label]);
    setText(this.predictedName, hidden ? "" : classNames[item.predicted_label]);
    setText(this.figure, hidden ? "" : (figure ?? share(item.confidence)));
    const label = hidden ? null : (annotation?.label ?? null);
    this.#badge("tile-flag", annotation?.flagged ? "⚑" : "");
    this.#badge("tile-label", label === null ? "" : `✎ ${classNames[label]}`);
  }

  /**
   * @param {string} className
   * @param {string} text empty for none
   */
  #badge(className, text) {
    const present = this.badges.get(className);
    if (!present && !text) return;
    const badge = present ?? element("span", { className });
    if (!present) {
      this.badges.set(className, badge);
      this.picture.append(badge);
    }
    badge.hidden = !text;
    setText(badge, text);
  }

  /**
   * @param {Uint8Array | undefined} pixels undefined: not known yet
   * @param {import("./pixels.js").Shape} shape
   */
  draw(pixels, shape) {
    if (this.drawn === this.index) return;
    if (pixels) drawGrey(this.canvas, pixels, shape);
    else Object.assign(this.canvas, { height: shape[0], width: shape[1] }); // which empties it
    this.drawn = pixels ? this.index : -1;
  }
}

/**
 * A tile for each of these: one that shows an image which stays keeps it, the others are given the new ones.
 * @param {{index: number}[]} items
 * @param {Tile[]} present
 */
export function tilesFor(items, present) {
  const byIndex = new Map(present.map((tile) => [tile.index, tile]));
  const staying = new Set(items.map(({ index }) => byIndex.get(index)));
  const free = present.filter((tile) => !staying.has(tile));
  return items.map(({ index }) => byIndex.get(index) ?? free.shift() ?? new Tile());
}

/**
 * @param {Mistake} item
 * @param {{classNames: string[], annotation: Annotation | null, figure: string | null, hidden: boolean}} options
 */
function describe(item, { classNames, annotation, figure, hidden }) {
  const flagged = annotation?.flagged ? ", flagged" : "";
  if (hidden) return `Image ${item.index}: guess what it is${flagged}`;
  const label = annotation?.label ?? null;
  const person = label === null ? "" : `, labeled ${classNames[label]} by a person`;
  const right = item.true_label === item.predicted_label;
  return (
    `Image ${item.index}: true ${classNames[item.true_label]}, predicted ${classNames[item.predicted_label]}, ` +
    `confidence ${share(item.confidence)}, ${figure ? `${figure}, ` : ""}${right ? "right" : "wrong"}${flagged}${person}`
  );
}
