/** Training images nearest to an image, and those with the most influence on its prediction. */
import { element, partOf, setAttribute, setChildren, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { digitsFor, plain, signed } from "../core/signed_numbers.js";
import { drawGray } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").TrainingExamples} TrainingExamples
 * @typedef {import("../images/pixel_store.js").PixelStore} PixelStore
 * @typedef {{index: number, label: number, text: string, toward?: string, sign?: "positive" | "negative"}} Example
 */

const IMAGES_PER_PAGE = 96; // on the data page

export class TrainingExamplesView {
  /**
   * @param {HTMLElement} panel
   * @param {{dataset: string, classNames: string[], store: PixelStore}} options `store`: pixels of the training images
   */
  constructor(panel, { dataset, classNames, store }) {
    this.panel = panel;
    this.dataset = dataset;
    this.classNames = classNames;
    this.store = store;
    /** @type {Map<string, ExampleImage[]>} */
    this.images = new Map();
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /**
   * @param {TrainingExamples} examples
   * @param {Explanation} explanation
   */
  async update(examples, explanation) {
    const { by_pixels, by_hidden, pushes: influences } = examples;
    this.#showNeighbors("examples-by-pixels", by_pixels, explanation);
    this.#showNeighbors("examples-by-hidden", by_hidden ?? [], explanation);
    if (!by_hidden) setText(this.#part("examples-by-hidden-text"), "This network has no hidden layer.");
    this.#showInfluences(influences, explanation);
    setText(this.#part("examples-checkpoints"), describeWeights(examples));
    await this.#drawImages([...by_pixels, ...(by_hidden ?? []), ...influences].map(({ index }) => index));
  }

  /**
   * Show the nearest training images.
   * @param {string} name
   * @param {import("../../../types/api.js").NearImage[]} neighbors
   * @param {Explanation} explanation
   */
  #showNeighbors(name, neighbors, { true_label, predicted_label }) {
    const digits = digitsFor(neighbors[0]?.distance ?? 1);
    this.#renderList(
      name,
      neighbors.map(({ index, label, distance }) => ({ index, label, text: `distance ${plain(distance, digits)}` })),
      { true_label, predicted_label },
    );
    setText(this.#part(`${name}-text`), this.#countLabels(neighbors.map(({ label }) => label)));
  }

  /**
   * Show the most influential training images.
   * @param {{index: number, label: number, push: number}[]} influences
   * @param {Explanation} explanation
   */
  #showInfluences(influences, { true_label, predicted_label, rival_label }) {
    const digits = digitsFor(Math.max(...influences.map(({ push }) => Math.abs(push)), 0));
    this.#renderList(
      "examples-by-influence",
      influences.map(({ index, label, push: influence }) => ({
        index,
        label,
        text: signed(influence, digits),
        toward: this.classNames[influence < 0 ? rival_label : predicted_label],
        sign: influence < 0 ? "negative" : "positive",
      })),
      { true_label, predicted_label },
    );
    const towardRival = influences.filter(({ push }) => push < 0).length;
    const parts = [
      { times: influences.length - towardRival, label: predicted_label },
      { times: towardRival, label: rival_label },
    ]
      .filter(({ times }) => times > 0)
      .map(({ times, label }) => `${times === influences.length ? "all" : times} toward ${this.classNames[label]}`);
    const summary = parts.length
      ? `Training images with the most influence on the logit gap: ${parts.join(", ")}.`
      : "No training image influenced the logit gap.";
    setText(this.#part("examples-by-influence-text"), summary);
  }

  /**
   * Show training images in a list.
   * @param {string} name
   * @param {Example[]} examples
   * @param {{true_label: number, predicted_label: number}} prediction
   */
  #renderList(name, examples, prediction) {
    const images = this.images.get(name) ?? [];
    this.images.set(name, images);
    while (images.length < examples.length) images.push(new ExampleImage());
    setChildren(
      this.#part(name),
      images.slice(0, examples.length).map((image) => image.line),
    );
    examples.forEach((example, position) => {
      images[position].show(example, { dataset: this.dataset, classNames: this.classNames, prediction });
    });
  }

  /**
   * Describe how many of the images have each label, such as "Of these 5, 3 are Sandal, 2 are Sneaker."
   * @param {number[]} labels
   */
  #countLabels(labels) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const sorted = [...counts].sort((one, other) => other[1] - one[1]);
    const parts = sorted.map(([label, times]) => `${times} ${times === 1 ? "is" : "are"} ${this.classNames[label]}`);
    if (sorted.length === 1) return `All ${labels.length} are ${this.classNames[labels[0]]}.`;
    return `Of these ${labels.length}, ${parts.join(", ")}.`;
  }

  /** Load the pixels of the images in all lists, and draw them. @param {number[]} indices */
  async #drawImages(indices) {
    await this.store.load([...new Set(indices)]);
    for (const images of this.images.values()) for (const image of images) image.draw(this.store);
  }
}

class ExampleImage {
  constructor() {
    this.index = -1;
    this.canvas = element("canvas", { className: "pixelated example-image", ariaHidden: "true" });
    this.label = element("span");
    this.role = element("span", { className: "example-role" });
    this.value = element("span", { className: "example-text num" });
    this.link = element(
      "a",
      { className: "example-link" },
      this.canvas,
      element("span", { className: "example-label" }, this.label, " ", this.role),
      this.value,
    );
    this.line = element("li", {}, this.link);
  }

  /**
   * @param {Example} example
   * @param {{dataset: string, classNames: string[], prediction: {true_label: number, predicted_label: number}}} options
   */
  show({ index, label, text, toward, sign }, { dataset, classNames, prediction }) {
    if (index !== this.index) this.canvas.width = 0; // blank until its pixels are loaded
    this.index = index;
    const name = classNames[label];
    const role = label === prediction.true_label ? "true" : label === prediction.predicted_label ? "predicted" : null;
    setText(this.label, name);
    setText(this.role, describeRole(label, prediction));
    setText(this.value, toward === undefined ? text : `${text} → ${toward}`);
    setAttribute(this.link, "data-role", role);
    setAttribute(this.link, "data-sign", sign ?? null);
    const offset = Math.floor(index / IMAGES_PER_PAGE) * IMAGES_PER_PAGE;
    setAttribute(this.link, "href", `/datasets/${encodeURIComponent(dataset)}${offset ? `?offset=${offset}` : ""}`);
    const description = toward === undefined ? text : `${text} toward ${toward}`;
    const meaning = role === null ? name : `${name}, the ${role} class`;
    setAttribute(this.link, "aria-label", `Training image ${index}, ${meaning}, ${description}`);
    setAttribute(this.link, "title", `Training image ${count(index)}`);
  }

  /** @param {PixelStore} store */
  draw(store) {
    const pixels = store.get(this.index);
    if (pixels) drawGray(this.canvas, pixels, store.shape);
  }
}

/**
 * Describe whether the label of a training image is the predicted or the true class.
 * @param {number} label
 * @param {{true_label: number, predicted_label: number}} prediction
 */
function describeRole(label, { true_label, predicted_label }) {
  if (label === predicted_label) return label === true_label ? "✓ predicted" : "✗ predicted";
  return label === true_label ? "✓ true" : "";
}

/** Describe which stored weights the results use. @param {TrainingExamples} examples */
function describeWeights({ weights_epoch, checkpoints }) {
  const stored = checkpoints.map(count);
  const epochs =
    stored.length > 1 ? `epochs ${stored.slice(0, -1).join(", ")} and ${stored.at(-1)}` : `epoch ${stored.join("")}`;
  return `Activations use the weights of epoch ${count(weights_epoch)}. Influence is summed over the stored weights of ${epochs}. These represent all epochs up to then.`;
}
