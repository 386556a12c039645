/** Training images nearest to an image, and those with the most influence on its prediction. */
import { partOf } from "../core/dom.js";
import { count } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { digitsFor, plain, signed } from "../core/signed_numbers.js";
import { drawTile } from "../images/image_tile.js";
import { createCanvas } from "../images/pixel_cursor.js";

/**
 * @import {InfluentialImage, NearImage, TrainingExamples} from "../../../types/api.js"
 * @import {PixelStore} from "../images/pixel_store.js"
 * @typedef {{true_label: number, predicted_label: number, rival_label: number}} Labels
 * @typedef {{index: number, label: number, text: string, toward?: string, sign?: "positive" | "negative"}} Example
 * @typedef {{summary: string, examples: Example[]}} Group
 */

const IMAGES_PER_PAGE = 96; // on the data page
const LIST = new Intl.ListFormat("en-GB"); // "1, 2 and 30"

export class TrainingExamplesView {
  /**
   * @param {HTMLElement} panel
   * @param {{dataset: string, classNames: string[], store: PixelStore}} options `store`: pixels of the training images
   */
  constructor(panel, { dataset, classNames, store }) {
    this.byPixels = partOf(panel, "examples-by-pixels");
    this.byHidden = partOf(panel, "examples-by-hidden");
    this.byInfluence = partOf(panel, "examples-by-influence");
    this.weights = partOf(panel, "examples-checkpoints");
    this.dataset = dataset;
    this.classNames = classNames;
    this.store = store;
  }

  /** @param {TrainingExamples} examples @param {Labels} labels labels of the explained image */
  async update(examples, labels) {
    /** @type {[index: number, canvas: HTMLCanvasElement][]} */
    const canvases = [
      ...this.#renderGroup(this.byPixels, groupNeighbors(examples.by_pixels, this.classNames), labels),
      ...this.#renderGroup(this.byHidden, groupNeighbors(examples.by_hidden, this.classNames), labels),
      ...this.#renderGroup(this.byInfluence, groupInfluences(examples.pushes, labels, this.classNames), labels),
    ];
    this.weights.textContent = describeWeights(examples);
    await this.store.load([...new Set(canvases.map(([index]) => index))]);
    for (const [index, canvas] of canvases) drawTile(canvas, index, this.store);
  }

  /**
   * Show a group of training images.
   * @param {HTMLElement} root
   * @param {Group} group
   * @param {Labels} labels
   * @returns {[index: number, canvas: HTMLCanvasElement][]}
   */
  #renderGroup(root, { summary, examples }, labels) {
    /** @type {[number, HTMLCanvasElement][]} */
    const canvases = examples.map(({ index }) => [index, createCanvas()]);
    for (const [index, canvas] of canvases) drawTile(canvas, index, this.store);
    render(
      html`
        <p class="mb-0 small text-body-secondary">${summary}</p>
        <ol class="examples list-unstyled mt-2 mb-0">
          ${examples.map((example, position) => html`<li>${this.#link(example, canvases[position][1], labels)}</li>`)}
        </ol>`,
      root,
    );
    return canvases;
  }

  /** @param {Example} example @param {HTMLCanvasElement} canvas @param {Labels} labels */
  #link({ index, label, text, toward, sign }, canvas, labels) {
    const name = this.classNames[label];
    const correct = label === labels.true_label;
    const role = label === labels.predicted_label ? "predicted" : correct ? "true" : null;
    const meaning = role ? `${name}, the ${role} class` : name;
    const offset = Math.floor(index / IMAGES_PER_PAGE) * IMAGES_PER_PAGE;
    return html`
      <a class="card overflow-hidden small text-decoration-none" data-sign=${sign ?? nothing}
        href="/datasets/${encodeURIComponent(this.dataset)}${offset ? `?offset=${offset}` : ""}"
        title="Training image ${count(index)}"
        aria-label="Training image ${index}, ${meaning}, ${text}${toward ? ` toward ${toward}` : ""}">
        ${canvas}
        <span class="px-2 pt-1"><strong>${name}</strong>${
          role
            ? html` <small class=${correct ? "text-success-emphasis" : "text-danger-emphasis"}>${correct ? "✓" : "✗"} ${role}</small>`
            : nothing
        }</span>
        <small class="px-2 pb-1 text-body-secondary num" data-part="example-text">${text}${toward ? ` → ${toward}` : ""}</small>
      </a>`;
  }
}

/**
 * Describe the nearest training images.
 * @param {NearImage[] | null} neighbors null if the network has no hidden layer
 * @param {string[]} classNames
 * @returns {Group}
 */
export function groupNeighbors(neighbors, classNames) {
  if (!neighbors) return { summary: "This network has no hidden layer.", examples: [] };
  const digits = digitsFor(neighbors[0]?.distance ?? 1);
  return {
    summary: countLabels(
      neighbors.map(({ label }) => label),
      classNames,
    ),
    examples: neighbors.map(({ index, label, distance }) => ({
      index,
      label,
      text: `distance ${plain(distance, digits)}`,
    })),
  };
}

/**
 * Describe the most influential training images.
 * @param {InfluentialImage[]} influences
 * @param {Labels} labels
 * @param {string[]} classNames
 * @returns {Group}
 */
export function groupInfluences(influences, { predicted_label, rival_label }, classNames) {
  const digits = digitsFor(Math.max(...influences.map(({ push }) => Math.abs(push)), 0));
  const examples = influences.map(({ index, label, push: influence }) => ({
    index,
    label,
    text: signed(influence, digits),
    toward: classNames[influence < 0 ? rival_label : predicted_label],
    sign: /** @type {"negative" | "positive"} */ (influence < 0 ? "negative" : "positive"),
  }));
  const counts = [predicted_label, rival_label]
    .map((label) => ({
      name: classNames[label],
      times: examples.filter((each) => each.toward === classNames[label]).length,
    }))
    .filter(({ times }) => times > 0)
    .map(({ name, times }) => `${times === examples.length ? "all" : times} toward ${name}`);
  const summary = counts.length
    ? `Training images with the most influence on the logit gap: ${counts.join(", ")}.`
    : "No training image influenced the logit gap.";
  return { summary, examples };
}

/**
 * Describe how many images have each label, such as "Of these 5, 3 are Sandal, 2 are Sneaker."
 * @param {number[]} labels
 * @param {string[]} classNames
 */
function countLabels(labels, classNames) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  if (sorted.length === 1) return `All ${labels.length} are ${classNames[labels[0]]}.`;
  const parts = sorted.map(([label, times]) => `${times} ${times === 1 ? "is" : "are"} ${classNames[label]}`);
  return `Of these ${labels.length}, ${parts.join(", ")}.`;
}

/** Describe which stored weights the results use. @param {{weights_epoch: number, checkpoints: number[]}} examples */
export function describeWeights({ weights_epoch, checkpoints }) {
  const epochs = `${checkpoints.length > 1 ? "epochs" : "epoch"} ${LIST.format(checkpoints.map(count))}`;
  return `Activations use the weights of epoch ${count(weights_epoch)}. Influence is summed over the stored weights of ${epochs}. These represent all epochs up to then.`;
}
