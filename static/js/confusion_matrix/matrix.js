/** Confusion matrix as a grid of buttons: a cell, a row header or a column header selects its images. */
import { html, nothing, render } from "../core/html.js";
import { nextCell } from "../ui/arrow_keys.js";
import { ALL_CLASSES, createCells, isSameChoice, toggleChoice } from "./cells.js";

/**
 * @import {ClassChoice} from "./cells.js"
 * @typedef {{row: number, column: number}} Position position of a button; row 0 and column 0 are headers
 * @typedef {import("./cells.js").MatrixData & {onSelect?: (choice: ClassChoice) => void}} MatrixOptions
 *   `onSelect`: called with the new selection; selecting again clears it
 */

/** @type {Position} */
const NOWHERE = { row: 0, column: 0 };

export class MatrixView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {MatrixOptions} */
    this.options = { labels: [], matrix: [] };
    this.cells = createCells(this.options);
    this.tabStop = { row: 1, column: 1 };
    /** Button under the pointer or with the focus; its headers are highlighted. */
    this.pointed = NOWHERE;
  }

  /** @param {MatrixOptions} options */
  update(options) {
    this.options = options;
    this.cells = createCells(options);
    if (Math.max(this.tabStop.row, this.tabStop.column) > options.labels.length) this.tabStop = { row: 1, column: 1 };
    this.#draw();
  }

  get #selected() {
    return this.options.selected ?? ALL_CLASSES;
  }

  #draw() {
    const { labels } = this.options;
    const { rows, maximum } = this.cells;
    const axis = "small text-body-secondary text-center lh-1";
    render(
      html`<div class="matrix num ${labels.some((label) => label.length > 2) ? "matrix-long" : ""}">
        <p class="${axis} mb-1" aria-hidden="true">Predicted →</p>
        <div class="d-flex gap-1">
          <div class="${axis} matrix-vertical" aria-hidden="true">True ↓</div>
          <table class="matrix-table" role="grid"
            aria-label="Confusion matrix: a row for each true class, a column for each predicted class"
            @click=${(/** @type {Event} */ event) => this.#select(positionOf(event))}
            @keydown=${(/** @type {KeyboardEvent} */ event) => this.#moveFocus(event)}
            @focusin=${(/** @type {Event} */ event) => this.#pointAt(positionOf(event), true)}
            @pointerover=${(/** @type {Event} */ event) => this.#pointAt(positionOf(event))}
            @pointerleave=${() => this.#pointAt(NOWHERE)}
            @focusout=${() => this.#pointAt(NOWHERE)}>
            <tbody>
              <tr><td></td>${labels.map((_, index) => this.#header("predicted", { row: 0, column: index + 1 }))}</tr>
              ${rows.map(
                (row, i) =>
                  html`<tr>${this.#header("true", { row: i + 1, column: 0 })}${row.map((cell, j) =>
                    this.#cell(cell, { row: i + 1, column: j + 1 }),
                  )}</tr>`,
              )}
            </tbody>
          </table>
        </div>
        <p class="d-flex flex-wrap justify-content-between column-gap-3 small text-body-secondary mt-2 mb-0">
          <span class="text-success-emphasis">✓ correct</span>
          <span>✗ misclassified, from 0 <span class="matrix-ramp"></span> to ${maximum}</span>
        </p>
      </div>`,
      this.root,
    );
  }

  /** @param {ReturnType<typeof createCells>["rows"][number][number]} cell @param {Position} position */
  #cell({ text, name, heat, classes, isSelected, isOpen }, position) {
    return html`<td><button type="button" class="matrix-cell${classes}" .style=${`--heat: ${heat}`}
      data-row=${position.row} data-column=${position.column} data-open=${isOpen || nothing}
      tabindex=${this.#tabIndex(position)} aria-pressed=${isSelected} aria-label=${name} title=${name}
      >${text}</button></td>`;
  }

  /** @param {"true" | "predicted"} axis @param {Position} position */
  #header(axis, position) {
    const { row, column } = position;
    const isRow = axis === "true";
    const label = this.options.labels[Math.max(row, column) - 1];
    const isLit = isRow ? this.pointed.row === row : this.pointed.column === column;
    return html`<th scope=${isRow ? "row" : "col"}><button type="button"
      class="matrix-header matrix-header-${axis} ${isLit ? "matrix-lit" : ""}" data-row=${row} data-column=${column}
      tabindex=${this.#tabIndex(position)} aria-pressed=${isSameChoice(this.#selected, choiceAt(position))}
      aria-label="${axis} ${label}" title="Only images ${isRow ? "of true class" : "predicted as"} ${label}"
      ><span>${label}</span></button></th>`;
  }

  /** @param {Position} position */
  #tabIndex({ row, column }) {
    return this.tabStop.row === row && this.tabStop.column === column ? 0 : -1;
  }

  /** @param {Position | null} position */
  #select(position) {
    if (position) this.options.onSelect?.(toggleChoice(this.#selected, choiceAt(position)));
  }

  /** @param {KeyboardEvent} event */
  #moveFocus(event) {
    const position = positionOf(event);
    const next = position && nextCell(event, position, this.options.labels.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const table = /** @type {HTMLTableElement} */ (event.currentTarget);
    table.rows[next.row].cells[next.column].querySelector("button")?.focus();
  }

  /**
   * Highlight the headers of a button. A focused button also becomes the tab stop of the matrix.
   * @param {Position | null} position null between the buttons
   * @param {boolean} [isFocused]
   */
  #pointAt(position, isFocused = false) {
    if (!position) return;
    this.pointed = position;
    if (isFocused) this.tabStop = position;
    this.#draw();
  }
}

/** Return the classes that a button selects. @param {Position} position @returns {ClassChoice} */
function choiceAt({ row, column }) {
  return { true: row === 0 ? null : row - 1, predicted: column === 0 ? null : column - 1 };
}

/** Return the position of the button that an event belongs to, or null between the buttons. @param {Event} event */
function positionOf({ target }) {
  const button = target instanceof Element ? target.closest("button") : null;
  return button && { row: Number(button.dataset.row), column: Number(button.dataset.column) };
}
