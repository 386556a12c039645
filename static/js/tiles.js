/** One image and what the network made of it, small: the picture, true → predicted, the confidence, ✓ or ✗. */
import { element } from "./element.js";
import { share } from "./format.js";

/** @typedef {import("../../types/messages.js").Mistake} Mistake */

/**
 * @typedef {object} TileOptions
 * @property {string} dataset
 * @property {string[]} classNames
 * @property {string} href where the tile leads
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

/**
 * A link to the image, drawn as a tile.
 * @param {Mistake} item
 * @param {TileOptions} options
 */
export function createTile(item, { dataset, classNames, href }) {
  const right = item.true_label === item.predicted_label;
  const mark = element("span", { className: "tile-mark", ariaHidden: "true" }, right ? "✓" : "✗");
  const trueName = classNames[item.true_label] ?? String(item.true_label);
  const predictedName = classNames[item.predicted_label] ?? String(item.predicted_label);
  const tile = element(
    "a",
    { className: "tile", href, dataset: { index: String(item.index), answer: right ? "right" : "wrong" } },
    picture(pictureAddress(dataset, "test", item.index)),
    element(
      "span",
      { className: "tile-classes" },
      element("span", { className: "tile-true" }, trueName),
      element("span", { className: "tile-arrow" }, "→"),
      element("span", { className: "tile-predicted" }, predictedName),
    ),
    element("span", { className: "tile-confidence num" }, mark, element("span", { className: "tile-percent" })),
  );
  tile.title = `Image ${item.index}`;
  updateTile(tile, item, { dataset, classNames, href });
  return tile;
}

/**
 * Bring the figures and the link of a tile up to date; its image and its two classes are the same.
 * @param {HTMLAnchorElement} tile
 * @param {Mistake} item
 * @param {TileOptions} options
 */
export function updateTile(tile, item, { classNames, href }) {
  const right = item.true_label === item.predicted_label;
  const confidence = share(item.confidence);
  const shown = tile.querySelector(".tile-percent");
  if (shown && shown.textContent !== confidence) shown.textContent = confidence;
  if (tile.getAttribute("href") !== href) tile.href = href;
  tile.ariaLabel =
    `Image ${item.index}: true ${classNames[item.true_label]}, predicted ${classNames[item.predicted_label]}, ` +
    `confidence ${confidence}, ${right ? "right" : "wrong"}`;
}

/**
 * Names a tile that can be kept: the same image with the same two classes.
 * @param {Mistake} item
 */
export function tileKey(item) {
  return `${item.index}/${item.true_label}/${item.predicted_label}`;
}
