/** Browser of the images of one data set by split and class. */

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
 * @typedef {{index: number, label: number}} Picture
 * @typedef {{split: "train" | "test", label: number | null, offset: number}} PicturesView
 */

const PAGE_SIZE = 96;

export class ImageBrowser {
  /** @param {DatasetInfo} dataset */
  constructor(dataset) {
    this.dataset = dataset;
    this.lists = new RequestCache();
    /** The number of images of each class in each split. @type {Map<string, (number | null)[]>} */
    this.counts = new Map();
    /** @type {Map<string, HTMLLIElement>} */
    this.tiles = new Map();
    /** @type {UrlState<PicturesView>} */
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

  /** The view of the address; a class that there is not counts as none. */
  get view() {
    const { label, ...others } = this.state.values;
    return { ...others, label: label !== null && label < this.dataset.class_names.length ? label : null };
  }

  async show() {
    const { split, label, offset } = this.view;
    byId("browser").hidden = false;
    for (const radio of this.splits) radio.checked = radio.value === split;
    this.classes.update(this.#countsOf(split), label);
    try {
      const list = await this.lists.get(this.#address(split, label, offset, PAGE_SIZE));
      const inside = clampOffset({ offset, limit: PAGE_SIZE, total: list.total });
      if (inside !== offset) return this.state.navigate({ offset: inside }, { replace: true });
      this.#draw(split, list.items);
      this.paging.update({ offset, limit: PAGE_SIZE, total: list.total });
      const what = `${split === "test" ? "test" : "training"} image`;
      const of = label === null ? "" : ` of ${this.dataset.class_names[label]}`;
      const shown = `${count(offset + 1)} to ${count(offset + list.items.length)} shown`;
      setText(byId("total"), `${counted(list.total, what)}${of}, ${shown}`);
      setMessage(byId("problem"), "");
    } catch (error) {
      if (isAborted(error)) return;
      setMessage(byId("problem"), errorMessage(error));
    }
  }

  /**
   * @param {string} split
   * @param {number | null} label
   * @param {number} offset
   * @param {number} limit
   */
  #address(split, label, offset, limit) {
    const ofClass = label === null ? "" : `label=${label}&`;
    return `/api/datasets/${this.dataset.name}/${split}?${ofClass}offset=${offset}&limit=${limit}`;
  }

  /**
   * @param {string} split
   * @param {Picture[]} pictures
   */
  #draw(split, pictures) {
    /** @type {Map<string, HTMLLIElement>} */
    const tiles = new Map();
    for (const { index, label } of pictures) {
      const key = `${split}/${index}`;
      tiles.set(key, this.tiles.get(key) ?? this.#tile(split, index, label));
    }
    this.tiles = tiles;
    setChildren(byId("tiles"), [...tiles.values()]);
  }

  /**
   * @param {string} split
   * @param {number} index
   * @param {number} label
   */
  #tile(split, index, label) {
    const name = this.dataset.class_names[label];
    const caption = element(
      "span",
      { className: "image-caption" },
      element("span", { className: "image-class" }, name),
      element("span", { className: "muted num" }, `#${index}`),
    );
    return element("li", { className: "tile" }, createPixelImage(imageUrl(this.dataset.name, split, index)), caption);
  }

  /**
   * The counts of the classes; those not known yet are asked for, and drawn once they are there.
   * @param {"train" | "test"} split
   */
  #countsOf(split) {
    const known = this.counts.get(split);
    if (known) return known;
    /** @type {(number | null)[]} */
    const counts = this.dataset.class_names.map(() => null);
    this.counts.set(split, counts);
    this.#count(split, counts);
    return counts;
  }

  /**
   * @param {"train" | "test"} split
   * @param {(number | null)[]} counts filled in
   */
  async #count(split, counts) {
    try {
      const answers = await Promise.all(counts.map((_, label) => api.get(this.#address(split, label, 0, 1))));
      answers.forEach(({ total }, label) => {
        counts[label] = total;
      });
      if (this.view.split === split) this.classes.update(counts, this.view.label);
    } catch {
      this.counts.delete(split); // the list of images tells what is wrong
    }
  }
}
