/** One image and what the network made of it, small: the picture, true → predicted, the confidence, ✓ or ✗, ⚑. */
import { element } from "./element.js";
import { share } from "./format.js";
import { drawGrey } from "./pixel_data.js";
import { setAttribute, setText } from "./update.js";

/**
 * @typedef {import("../../types/messages.js").Mistake} Mistake
 * @typedef {import("../../types/messages.js").Annotation} Annotation
 */

/**
 * @typedef {object} TileOptions
 * @property {string[]} classNames
 * @property {string} href where the tile leads
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

/** A link that looks like one image; it can be given another one. */
export class Tile {
  constructor() {
    this.index = -1;
    this.drawn = -1;
    this.canvas = element("canvas", { className: "pixelated picture" });
    this.trueName = element("span", { className: "tile-true" });
    this.arrow = element("span", { className: "tile-arrow" }, "→");
    this.predictedName = element("span", { className: "tile-predicted" });
    this.mark = element("span", { className: "tile-mark", ariaHidden: "true" });
    this.confidence = element("span", { className: "tile-percent" });
    this.flag = element("span", { className: "tile-flag", hidden: true }, "⚑");
    this.label = element("span", { className: "tile-label", hidden: true });
    this.answer = element("span", { className: "tile-predicted-part" }, this.arrow, this.predictedName);
    this.element = element(
      "a",
      { className: "tile", draggable: false },
      element("span", { className: "tile-picture" }, this.canvas, this.flag, this.label),
      element("span", { className: "tile-classes" }, this.trueName, this.answer),
      element("span", { className: "tile-confidence num" }, this.mark, this.confidence),
    );
  }

  /**
   * @param {Mistake} item
   * @param {TileOptions} options
   */
  show(item, { classNames, href, annotation = item.annotation, hidden = false, selected = false }) {
    const right = item.true_label === item.predicted_label;
    this.index = item.index;
    const tile = this.element;
    setAttribute(tile, "href", href);
    setAttribute(tile, "data-index", String(item.index));
    setAttribute(tile, "data-answer", hidden ? "hidden" : right ? "right" : "wrong");
    setAttribute(tile, "data-selected", selected ? "true" : null);
    setAttribute(tile, "title", `Image ${item.index}`);
    setAttribute(
      tile,
      "aria-label",
      describe(item, { classNames, annotation, hidden }) + (selected ? ", selected" : ""),
    );
    setText(this.trueName, hidden ? "?" : classNames[item.true_label]);
    setText(this.predictedName, hidden ? "" : classNames[item.predicted_label]);
    this.answer.hidden = hidden;
    setText(this.mark, hidden ? "" : right ? "✓" : "✗");
    this.mark.hidden = hidden;
    setText(this.confidence, hidden ? "" : share(item.confidence));
    const label = hidden ? null : (annotation?.label ?? null);
    this.flag.hidden = !annotation?.flagged;
    this.label.hidden = label === null;
    setText(this.label, label === null ? "" : `✎ ${classNames[label]}`);
  }

  /**
   * @param {Uint8Array | undefined} pixels undefined: not known yet
   * @param {import("./pixel_data.js").Shape} shape
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
 * @param {{classNames: string[], annotation: Annotation | null, hidden: boolean}} options
 */
function describe(item, { classNames, annotation, hidden }) {
  const flagged = annotation?.flagged ? ", flagged" : "";
  if (hidden) return `Image ${item.index}: guess what it is${flagged}`;
  const label = annotation?.label ?? null;
  const person = label === null ? "" : `, labeled ${classNames[label]} by a person`;
  const right = item.true_label === item.predicted_label;
  return (
    `Image ${item.index}: true ${classNames[item.true_label]}, predicted ${classNames[item.predicted_label]}, ` +
    `confidence ${share(item.confidence)}, ${right ? "right" : "wrong"}${flagged}${person}`
  );
}
