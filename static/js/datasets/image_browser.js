/** Browser of the images of a data set, by split and class. */

/** @import {DatasetInfo, LabeledImage} from "../../../types/api.js" */
/** @import {Range} from "./descriptions.js" */

import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { count } from "../core/format.js";
import { html, render, repeat } from "../core/html.js";
import { sum } from "../core/numbers.js";
import { choice, optionalInteger } from "../core/url_state.js";
import { imageUrl } from "../images/image_tile.js";
import { radioButtons } from "../ui/choices.js";
import { DatasetBrowser } from "./browser.js";
import { describeImages } from "./descriptions.js";

/** @typedef {"train" | "test"} Split */

const PAGE_SIZE = 96;
/** @type {[Split, string][]} */
const SPLITS = [
  ["train", "Train"],
  ["test", "Test"],
];

/** @extends {DatasetBrowser<LabeledImage, {split: Split, label: number | null}>} */
export class ImageBrowser extends DatasetBrowser {
  /** @param {DatasetInfo} dataset */
  constructor(dataset) {
    super(byId("images"), dataset, PAGE_SIZE, { split: choice(["train", "test"]), label: optionalInteger() });
    /** Number of images of each class, for each split whose numbers are loaded. @type {Map<Split, number[]>} */
    this.counts = new Map();
  }

  /** @returns {Split} */
  get split() {
    return this.state.values.split;
  }

  /** Chosen class, or null for all classes. An unknown class in the URL selects all classes. */
  get label() {
    const { label } = this.state.values;
    return label !== null && label < this.dataset.class_names.length ? label : null;
  }

  get path() {
    return this.#listPath(this.split, this.label);
  }

  async show() {
    byId("browser").hidden = false;
    this.#drawClasses();
    if (!this.counts.has(this.split)) this.#loadCounts(this.split);
    await super.show();
  }

  /** @param {LabeledImage[]} images @param {Range} range */
  template(images, range) {
    const { split, label } = this;
    const { name, class_names: classNames } = this.dataset;
    return html`<h2 class="fs-6 num mb-3" id="total" aria-live="polite">
        ${describeImages(this.dataset, split, label, range)}
      </h2>
      <ul class="tiles" id="tiles">
        ${repeat(
          images,
          ({ index }) => `${split}/${index}`,
          (image) => html`<li class="tile">
            <img class="pixelated pixel-image" src=${imageUrl(name, split, image.index)} alt="" decoding="sync" draggable="false">
            <span class="d-flex flex-wrap justify-content-between column-gap-2 px-2 py-1">
              <span class="fw-semibold">${classNames[image.label]}</span>
              <span class="text-body-secondary num">#${image.index}</span>
            </span>
          </li>`,
        )}
      </ul>`;
  }

  /** Draw the choice of a split, and the histogram of its classes. A click on a bar selects its class. */
  #drawClasses() {
    const { split, label, dataset } = this;
    const counts = this.counts.get(split) ?? [];
    const largest = Math.max(1, ...counts);
    const onSplit = (/** @type {Split} */ name) => this.state.navigate({ split: name, offset: 0 });
    const classTemplate = (/** @type {string} */ name, /** @type {number | null} */ index) => {
      const images = index === null ? sum(counts) : counts[index];
      const width = index === null ? 0 : (100 * (images ?? 0)) / largest;
      const next = index === label ? null : index; // a click on the chosen class selects all classes
      return html`<button class="row-button" type="button" aria-pressed=${index === label}
        @click=${() => this.state.navigate({ label: next, offset: 0 })}>
        <span>${name}</span>
        <span class="class-bar" aria-hidden="true" .style=${`width: ${width.toFixed(1)}%`}></span>
        <span class="num text-end">${counts.length ? count(images) : ""}</span>
      </button>`;
    };
    render(
      html`<div class="hstack justify-content-between gap-2 mb-3">
          <h2 id="classes-title">Classes</h2>
          <div class="btn-group btn-group-sm" id="split" role="group" aria-label="Split">
            ${radioButtons("split", SPLITS, split, onSplit)}
          </div>
        </div>
        <div class="class-counts" role="group" aria-labelledby="classes-title">
          ${classTemplate("All", null)} ${dataset.class_names.map(classTemplate)}
        </div>`,
      byId("classes"),
    );
  }

  /** @param {Split} split @param {number | null} label */
  #listPath(split, label) {
    return `/api/datasets/${encodeURIComponent(this.dataset.name)}/${split}?${label === null ? "" : `label=${label}&`}`;
  }

  /** Load the number of images of each class, and draw the histogram. @param {Split} split */
  async #loadCounts(split) {
    const paths = this.dataset.class_names.map((_, label) => `${this.#listPath(split, label)}limit=1`);
    try {
      const lists = await Promise.all(paths.map((path) => api.get(path)));
      this.counts.set(
        split,
        lists.map(({ total }) => total),
      );
      this.#drawClasses();
    } catch {
      // The request for the list of images reports the error.
    }
  }
}
