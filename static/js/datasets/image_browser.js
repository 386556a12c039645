/** Browser of the images of a data set, by split and class. */

import { api, errorMessage, isAborted } from "../core/api.js";
import { byId, element, setChildren, setMessage, setText } from "../core/dom.js";
import { count, counted } from "../core/format.js";
import { RequestCache } from "../core/request_cache.js";
import { choice, integer, optionalInteger, UrlState } from "../core/url_state.js";
import { createPixelImage, imageUrl } from "../images/image_tile.js";
import { clampOffset, Pagination } from "../ui/pagination.js";
import { ClassHistogram } from "./class_histogram.js";

/**
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {{index: number, label: number}} LabeledImage
 * @typedef {{split: "train" | "test", label: number | null, offset: number}} BrowserView
 */

const PAGE_SIZE = 96;

export class ImageBrowser {
  /** @param {DatasetInfo} dataset */
  constructor(dataset) {
    this.dataset = dataset;
    this.lists = new RequestCache();
    /** Number of images of each class by split; null until it is loaded. @type {Map<string, (number | null)[]>} */
    this.counts = new Map();
    /** Tiles on the page. A key consists of the split and the index of the image. @type {Map<string, HTMLLIElement>} */
    this.tiles = new Map();
    /** @type {UrlState<BrowserView>} */
    this.state = new UrlState({ split: choice(["train", "test"]), label: optionalInteger(), offset: integer() }, () =>
      this.show(),
    );
    this.classes = new ClassHistogram(byId("classes"), dataset.class_names, (label) => {
      this.state.navigate({ label, offset: 0 });
    });
    this.paging = new Pagination(byId("paging"), (offset) => {
      this.state.navigate({ offset });
      byId("total").scrollIntoView({ block: "nearest" });
    });
    /** @type {HTMLInputElement[]} */
    this.splits = [...byId("split").querySelectorAll("input")];
    for (const radio of this.splits) {
      radio.addEventListener("change", () =>
        this.state.navigate({ split: radio.value === "test" ? "test" : "train", offset: 0 }),
      );
    }
  }

  /** Current view. An unknown class in the URL selects all classes. */
  get view() {
    const { label, ...others } = this.state.values;
    return { ...others, label: label !== null && label < this.dataset.class_names.length ? label : null };
  }

  async show() {
    const { split, label, offset } = this.view;
    byId("browser").hidden = false;
    for (const radio of this.splits) radio.checked = radio.value === split;
    this.classes.update(this.#classCounts(split), label);
    try {
      const list = await this.lists.get(this.#listUrl(split, label, offset, PAGE_SIZE));
      const clamped = clampOffset({ offset, limit: PAGE_SIZE, total: list.total });
      if (clamped !== offset) return this.state.navigate({ offset: clamped }, { replace: true });
      this.#draw(split, list.items);
      this.paging.update({ offset, limit: PAGE_SIZE, total: list.total });
      const noun = `${split === "test" ? "test" : "training"} image`;
      const ofClass = label === null ? "" : ` of ${this.dataset.class_names[label]}`;
      const range = `${count(offset + 1)} to ${count(offset + list.items.length)} shown`;
      setText(byId("total"), `${counted(list.total, noun)}${ofClass}, ${range}`);
      setMessage(byId("problem"), "");
    } catch (error) {
      if (isAborted(error)) return;
      setMessage(byId("problem"), errorMessage(error));
    }
  }

  /**
   * Return the URL of a page of images.
   * @param {string} split
   * @param {number | null} label null for all classes
   * @param {number} offset
   * @param {number} limit
   */
  #listUrl(split, label, offset, limit) {
    const filter = label === null ? "" : `label=${label}&`;
    return `/api/datasets/${this.dataset.name}/${split}?${filter}offset=${offset}&limit=${limit}`;
  }

  /**
   * @param {string} split
   * @param {LabeledImage[]} images
   */
  #draw(split, images) {
    /** @type {Map<string, HTMLLIElement>} */
    const tiles = new Map();
    for (const { index, label } of images) {
      const key = `${split}/${index}`;
      tiles.set(key, this.tiles.get(key) ?? this.#createTile(split, index, label));
    }
    this.tiles = tiles;
    setChildren(byId("tiles"), [...tiles.values()]);
  }

  /**
   * @param {string} split
   * @param {number} index
   * @param {number} label
   */
  #createTile(split, index, label) {
    const name = this.dataset.class_names[label];
    const caption = element(
      "span",
      { className: "image-caption" },
      element("span", { className: "image-class" }, name),
      element("span", { className: "text-body-secondary num" }, `#${index}`),
    );
    return element("li", { className: "tile" }, createPixelImage(imageUrl(this.dataset.name, split, index)), caption);
  }

  /**
   * Return the number of images of each class, and load these numbers on the first call.
   * @param {"train" | "test"} split
   */
  #classCounts(split) {
    const cached = this.counts.get(split);
    if (cached) return cached;
    /** @type {(number | null)[]} */
    const counts = this.dataset.class_names.map(() => null);
    this.counts.set(split, counts);
    this.#loadCounts(split, counts);
    return counts;
  }

  /**
   * Load the number of images of each class, and draw the histogram.
   * @param {"train" | "test"} split
   * @param {(number | null)[]} counts changed in place
   */
  async #loadCounts(split, counts) {
    try {
      const lists = await Promise.all(counts.map((_, label) => api.get(this.#listUrl(split, label, 0, 1))));
      lists.forEach(({ total }, label) => {
        counts[label] = total;
      });
      if (this.view.split === split) this.classes.update(counts, this.view.label);
    } catch {
      this.counts.delete(split); // the request for the list of images reports the error
    }
  }
}
