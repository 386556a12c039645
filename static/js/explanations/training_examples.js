/** Training images nearest to an image, and those with the most influence on its prediction. */
import { element, partOf, setAttribute, setChildren, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { digitsFor, plain, signed } from "../core/signed_numbers.js";
import { drawGray } from "../images/pixels.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").TrainingExamples} TrainingExamples
 * @typedef {import("../images/pixel_store.js").PixelStore} PixelStore
 * @typedef {{index: number, label: number, words: string, toward?: string, sign?: "positive" | "negative"}} Example
 */

const IMAGES_PER_PAGE = 96; // of the data page

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
    const { by_pixels, by_hidden, pushes } = examples;
    this.#showNeighbors("examples-by-pixels", by_pixels, explanation);
    this.#showNeighbors("examples-by-hidden", by_hidden ?? [], explanation);
    if (!by_hidden) setText(this.#part("examples-by-hidden-text"), "This network has no hidden layer.");
    this.#showInfluences(pushes, explanation);
    setText(this.#part("examples-checkpoints"), describeWeights(examples));
    await this.#drawImages([...by_pixels, ...(by_hidden ?? []), ...pushes].map(({ index }) => index));
  }

  /**
   * @param {string} name
   * @param {import("../../../types/api.js").NearImage[]} found
   * @param {Explanation} explanation
   */
  #showNeighbors(name, found, { true_label, predicted_label }) {
    const digits = digitsFor(found[0]?.distance ?? 1);
    this.#renderList(
      name,
      found.map(({ index, label, distance }) => ({ index, label, words: `distance ${plain(distance, digits)}` })),
      { true_label, predicted_label },
    );
    setText(this.#part(`${name}-text`), this.#countLabels(found.map(({ label }) => label)));
  }

  /**
   * @param {{index: number, label: number, push: number}[]} pushes
   * @param {Explanation} explanation
   */
  #showInfluences(pushes, { true_label, predicted_label, rival_label }) {
    const digits = digitsFor(Math.max(...pushes.map(({ push }) => Math.abs(push)), 0));
    this.#renderList(
      "examples-by-influence",
      pushes.map(({ index, label, push }) => ({
        index,
        label,
        words: signed(push, digits),
        toward: this.classNames[push < 0 ? rival_label : predicted_label],
        sign: push < 0 ? "negative" : "positive",
      })),
      { true_label, predicted_label },
    );
    const away = pushes.filter(({ push }) => push < 0).length;
    const parts = [
      { times: pushes.length - away, label: predicted_label },
      { times: away, label: rival_label },
    ]
      .filter(({ times }) => times > 0)
      .map(({ times, label }) => `${times === pushes.length ? "all" : times} toward ${this.classNames[label]}`);
    const words = parts.length
      ? `Training images with the most influence on the logit gap: ${parts.join(", ")}.`
      : "No training image influenced the logit gap.";
    setText(this.#part("examples-by-influence-text"), words);
  }

  /**
   * @param {string} name
   * @param {Example[]} examples
   * @param {{true_label: number, predicted_label: number}} answer
   */
  #renderList(name, examples, answer) {
    const images = this.images.get(name) ?? [];
    this.images.set(name, images);
    while (images.length < examples.length) images.push(new ExampleImage());
    setChildren(
      this.#part(name),
      images.slice(0, examples.length).map((image) => image.line),
    );
    examples.forEach((example, position) => {
      images[position].show(example, { dataset: this.dataset, classNames: this.classNames, answer });
    });
  }

  /** Summarize labels, such as "Of these 5, 3 are 4, 2 are 9." @param {number[]} labels */
  #countLabels(labels) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const sorted = [...counts].sort((one, other) => other[1] - one[1]);
    const parts = sorted.map(([label, times]) => `${times} ${times === 1 ? "is" : "are"} ${this.classNames[label]}`);
    if (sorted.length === 1) return `All ${labels.length} are ${this.classNames[labels[0]]}.`;
    return `Of these ${labels.length}, ${parts.join(", ")}.`;
  }

  /** @param {number[]} indices */
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
    this.words = element("span", { className: "example-text num" });
    this.link = element(
      "a",
      { className: "example-link" },
      this.canvas,
      element("span", { className: "example-label" }, this.label, " ", this.role),
      this.words,
    );
    this.line = element("li", {}, this.link);
  }

  /**
   * @param {Example} example
   * @param {{dataset: string, classNames: string[], answer: {true_label: number, predicted_label: number}}} options
   */
  show({ index, label, words, toward, sign }, { dataset, classNames, answer }) {
    if (index !== this.index) this.canvas.width = 0; // blank, until its own pixels are there
    this.index = index;
    const name = classNames[label];
    const role = label === answer.true_label ? "true" : label === answer.predicted_label ? "predicted" : null;
    setText(this.label, name);
    setText(this.role, describeRole(label, answer));
    setText(this.words, toward === undefined ? words : `${words} → ${toward}`);
    setAttribute(this.link, "data-role", role);
    setAttribute(this.link, "data-sign", sign ?? null);
    const offset = Math.floor(index / IMAGES_PER_PAGE) * IMAGES_PER_PAGE;
    setAttribute(this.link, "href", `/datasets/${encodeURIComponent(dataset)}${offset ? `?offset=${offset}` : ""}`);
    const said = toward === undefined ? words : `${words} toward ${toward}`;
    const meaning = role === null ? name : `${name}, the ${role} class`;
    setAttribute(this.link, "aria-label", `Training image ${index}, ${meaning}, ${said}`);
    setAttribute(this.link, "title", `Training image ${count(index)}`);
  }

  /** @param {PixelStore} store */
  draw(store) {
    const pixels = store.get(this.index);
    if (pixels) drawGray(this.canvas, pixels, store.shape);
  }
}

/**
 * Compare the label of a training image with the prediction.
 * @param {number} label
 * @param {{true_label: number, predicted_label: number}} answer
 */
function describeRole(label, { true_label, predicted_label }) {
  if (label === predicted_label) return label === true_label ? "✓ predicted" : "✗ predicted";
  return label === true_label ? "✓ true" : "";
}

/** Name the epochs whose weights were used. @param {TrainingExamples} examples */
function describeWeights({ weights_epoch, checkpoints }) {
  const stored = checkpoints.map(count);
  const epochs =
    stored.length > 1 ? `epochs ${stored.slice(0, -1).join(", ")} and ${stored.at(-1)}` : `epoch ${stored.join("")}`;
  return `Activations use the weights of epoch ${count(weights_epoch)}. Influence is summed over the stored weights of ${epochs}, which represent all epochs up to then.`;
}
