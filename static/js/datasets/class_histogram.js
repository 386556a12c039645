/** Histogram of the classes of a split. A click on a bar selects its class. */

import { count } from "../core/format.js";
import { html } from "../core/html.js";

/**
 * Return the template of the histogram.
 * @param {HistogramRow[]} rows
 * @param {(label: number | null) => void} onChoose null for all classes
 */
export function histogramTemplate(rows, onChoose) {
  return rows.map(
    ({ name, images, length, chosen, next }) => html`<button class="row-button" type="button" aria-pressed=${chosen}
      @click=${() => onChoose(next)}>
      <span>${name}</span>
      <span class="class-bar" aria-hidden="true" .style=${`width: ${(100 * length).toFixed(1)}%`}></span>
      <span class="num text-end">${images === null ? "" : count(images)}</span>
    </button>`,
  );
}

/**
 * @typedef {object} HistogramRow
 * @property {string} name
 * @property {number | null} images number of images; null until it is loaded
 * @property {number} length fraction of the length of the longest bar
 * @property {boolean} chosen
 * @property {number | null} next class that a click selects; null for all classes
 */

/**
 * Return the rows: all images, and each class.
 * @param {string[]} classNames
 * @param {(number | null)[]} counts number of images of each class; null until it is loaded
 * @param {number | null} label chosen class
 * @returns {HistogramRow[]}
 */
export function histogramRows(classNames, counts, label) {
  const loaded = counts.filter((images) => images !== null);
  const largest = Math.max(1, ...loaded);
  const total = loaded.length === counts.length ? loaded.reduce((sum, images) => sum + images, 0) : null;
  const classes = classNames.map((name, index) => {
    const chosen = index === label;
    return { name, images: counts[index], length: (counts[index] ?? 0) / largest, chosen, next: chosen ? null : index };
  });
  return [{ name: "All", images: total, length: 0, chosen: label === null, next: null }, ...classes];
}
