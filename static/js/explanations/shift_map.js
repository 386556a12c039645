/** Shift sensitivity: grid of the predictions for the image shifted by up to a few pixels in each direction. */
import { partOf } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, render } from "../core/html.js";
import { createCanvas } from "../images/pixel_cursor.js";
import { decodeBytes, drawGray } from "../images/pixels.js";
import { nextCell } from "../ui/arrow_keys.js";
import { describeOutcome } from "./counterfactual.js";

/**
 * @import {Explanation} from "../../../types/api.js"
 * @import {Shape} from "../images/pixels.js"
 * @typedef {[down: number, right: number]} Shift
 */

export class ShiftMap {
  /** @param {HTMLElement} panel @param {string[]} classNames @param {(down: number, right: number) => void} onEdit */
  constructor(panel, classNames, onEdit) {
    this.root = partOf(panel, "shifts");
    this.classNames = classNames;
    this.shortNames = shortNames(classNames);
    this.onEdit = onEdit;
    /** @type {Explanation | null} */
    this.explanation = null;
    this.pixels = new Uint8Array();
    /** Selected shift. @type {Shift} */
    this.shift = [0, 0];
    /** Shift of the cell that has the focus. @type {Shift | null} */
    this.focused = null;
    this.preview = createCanvas();
    this.preview.dataset.part = "shift-preview";
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    this.explanation = explanation;
    this.pixels = decodeBytes(explanation.pixels);
    this.#select(this.shift);
  }

  /** Select a shift, and show its image and prediction. @param {Shift} shift */
  #select(shift) {
    if (!this.explanation) return;
    this.shift = shift;
    const { shape } = this.explanation;
    drawGray(this.preview, shiftImage(this.pixels, shape, ...shift), shape);
    render(this.#template(this.explanation), this.root);
  }

  /** @param {Explanation} explanation */
  #template(explanation) {
    const { shifts, true_label } = explanation;
    const [down, right] = this.shift;
    const labels = shifts.predicted.flat();
    const nCorrect = labels.filter((label) => label === true_label).length;
    // If no cell has the focus, the last selection stays, so that a person can still open the shifted image.
    const selectFocused = () => this.#select(this.focused ?? this.shift);
    return html`
      <p class="mb-0 small text-body-secondary">Predicted as ${this.classNames[true_label]} at ${nCorrect} of ${counted(labels.length, "shift")} of up to ${shifts.reach} pixels.</p>
      <div class="d-flex flex-wrap gap-3">
        <div class="shift-map" data-part="shift-map" role="grid" aria-label="Prediction for each shift"
          @keydown=${(/** @type {KeyboardEvent} */ event) => this.#handleKey(event, shifts.reach)}
          @mouseleave=${selectFocused}>
          ${shifts.predicted.map(
            (row, i) =>
              html`<div role="row">${row.map((_, j) => this.#cell([i - shifts.reach, j - shifts.reach], explanation))}</div>`,
          )}
        </div>
        <div class="shift-readout d-flex flex-wrap align-content-start gap-2">
          ${this.preview}
          <div>
            <output class="d-block small" data-part="shift-readout">${this.#describe(this.shift, explanation)}</output>
            <button class="btn btn-link btn-sm px-0" data-part="shift-edit" type="button" ?hidden=${down === 0 && right === 0} @click=${() => this.onEdit(down, right)}>Open in What if</button>
          </div>
        </div>
      </div>`;
  }

  /** @param {Shift} shift @param {Explanation} explanation */
  #cell(shift, explanation) {
    const { shifts, true_label } = explanation;
    const label = shifts.predicted[shift[0] + shifts.reach][shift[1] + shifts.reach];
    const correct = label === true_label;
    const selected = shift[0] === this.shift[0] && shift[1] === this.shift[1];
    const isCenter = shift[0] === 0 && shift[1] === 0;
    const focus = () => {
      this.focused = shift;
      this.#select(shift);
    };
    const blur = () => {
      this.focused = null;
    };
    return html`<div class="num" role="gridcell" tabindex=${selected ? 0 : -1} aria-selected=${selected}
      aria-label=${this.#describe(shift, explanation)} data-outcome=${correct ? "correct" : "incorrect"} ?data-center=${isCenter}
      @mouseenter=${() => this.#select(shift)} @focus=${focus} @blur=${blur}>${this.shortNames[label]}<small>${correct ? "✓" : "✗"}</small></div>`;
  }

  /** Describe a shift and its prediction. @param {Shift} shift @param {Explanation} explanation */
  #describe([down, right], { shifts, true_label }) {
    const [i, j] = [down + shifts.reach, right + shifts.reach];
    const label = shifts.predicted[i][j];
    return `${formatShift(down, right)}: ${describeOutcome(label, true_label, shifts.confidence[i][j], this.classNames)}`;
  }

  /** Focus the cell that a key leads to. @param {KeyboardEvent} event @param {number} reach */
  #handleKey(event, reach) {
    const [down, right] = this.shift;
    const next = nextCell(event, { row: down + reach, column: right + reach }, 2 * reach);
    if (!next) return;
    event.preventDefault();
    const grid = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement} */ (grid.children[next.row].children[next.column]).focus();
  }
}

/** Describe a shift, such as "1 up, 2 right". @param {number} down @param {number} right */
export function formatShift(down, right) {
  const parts = [];
  if (down) parts.push(`${Math.abs(down)} ${down < 0 ? "up" : "down"}`);
  if (right) parts.push(`${Math.abs(right)} ${right < 0 ? "left" : "right"}`);
  return parts.join(", ") || "No shift";
}

/**
 * Return the image shifted by whole pixels, with a black margin.
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {number} down
 * @param {number} right
 */
export function shiftImage(pixels, [height, width], down, right) {
  return pixels.map((_, index) => {
    const row = Math.floor(index / width) - down;
    const column = (index % width) - right;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? pixels[row * width + column] : 0;
  });
}

const MIN_LENGTH = 2; // letters of a short name

/**
 * Return a short form of each name: the shortest prefix of two or more letters that identifies it.
 * @param {string[]} names
 */
export function shortNames(names) {
  return names.map((name) => {
    for (let length = MIN_LENGTH; length < name.length; length += 1) {
      const start = name.slice(0, length).toLowerCase();
      if (names.filter((other) => other.toLowerCase().startsWith(start)).length === 1) return name.slice(0, length);
    }
    return name;
  });
}
