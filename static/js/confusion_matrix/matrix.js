/**
 * Confusion matrix as a grid of buttons: a cell, a row header or a column header selects its images.
 *
 * The color scale ends at the largest confusion, not at the largest count. Otherwise thousands of correct predictions
 * on the diagonal would make dozens of misclassified images invisible.
 */

import { setAttribute, setText } from "../core/dom.js";
import { count, percent } from "../core/format.js";
import { nextCell } from "../ui/arrow_keys.js";
import { largestConfusion, rowFractions } from "./counts.js";

/** Smallest maximum of the color scale: 5 images if the cells show counts, 1% if they show percentages of a row. */
const MIN_SCALE_MAXIMUM = { counts: 5, shares: 0.01 };

/**
 * Selected classes; null selects every class.
 * @typedef {{true: number | null, predicted: number | null}} ClassChoice
 */

/**
 * @typedef {object} MatrixOptions
 * @property {string[]} labels names of the classes, in the order of rows and columns
 * @property {number[][]} matrix counts of images: row = true class, column = predicted class
 * @property {"counts" | "shares"} [values] content of the cells: number of images, or percentage of the row
 * @property {ClassChoice} [selected] current selection
 * @property {{true: number, predicted: number} | null} [open] classes of the open image
 * @property {(choice: ClassChoice) => void} [onSelect] called with the new selection; selecting again clears it
 */

/** @type {WeakMap<Element, MatrixView>} */
const views = new WeakMap();

/**
 * Create the matrix in an element, or update the one that the element contains.
 * @param {HTMLElement} element
 * @param {MatrixOptions} options
 */
export function renderConfusionMatrix(element, options) {
  let view = views.get(element);
  if (!view?.hasLabels(options.labels)) {
    view = new MatrixView(element, options.labels);
    views.set(element, view);
  }
  view.update(options);
}

class MatrixView {
  /**
   * @param {HTMLElement} element
   * @param {string[]} labels
   */
  constructor(element, labels) {
    this.labels = labels;
    /** @type {HTMLButtonElement[][]} rows of buttons; row 0 holds the column headers, column 0 the row headers */
    this.buttons = [];
    /** @type {(choice: ClassChoice) => void} */
    this.onSelect = () => {};
    /** @type {ClassChoice} */
    this.selected = { true: null, predicted: null };
    this.focused = { row: 1, column: 1 };
    this.table = this.#createTable();
    const wrapper = document.createElement("div");
    wrapper.className = "matrix";
    if (labels.some((label) => label.length > 2)) wrapper.classList.add("matrix-long-labels");
    wrapper.append(
      createAxis("matrix-axis-predicted", "Predicted →"),
      createAxis("matrix-axis-true", "True ↓"),
      this.table,
    );
    this.legendMaximum = document.createElement("span");
    element.classList.add("matrix-frame");
    element.replaceChildren(wrapper, this.#createLegend());
    this.table.addEventListener("click", (event) => this.#handleClick(event));
    this.table.addEventListener("keydown", (event) => this.#handleKey(event));
    this.table.addEventListener("focusin", (event) => this.#pointAt(event.target, true));
    this.table.addEventListener("pointerover", (event) => this.#pointAt(event.target, false));
    this.table.addEventListener("pointerleave", () => this.#highlight(0, 0));
    this.table.addEventListener("focusout", () => this.#highlight(0, 0));
  }

  /** Return true if the matrix has these classes. @param {string[]} labels */
  hasLabels(labels) {
    return labels.length === this.labels.length && labels.every((label, index) => label === this.labels[index]);
  }

  /** @param {MatrixOptions} options */
  update({ matrix, values = "counts", selected = { true: null, predicted: null }, open = null, onSelect }) {
    this.selected = selected;
    this.onSelect = onSelect ?? (() => {});
    const fractions = rowFractions(matrix);
    const shown = values === "counts" ? matrix : fractions;
    const maximum = Math.max(MIN_SCALE_MAXIMUM[values], largestConfusion(shown));
    setText(this.legendMaximum, values === "counts" ? `${count(maximum)} images` : `${percent(maximum)} of a row`);
    for (const [i, row] of matrix.entries()) {
      for (const [j, images] of row.entries()) {
        // An exponent below 1 makes rare confusions visible beside frequent ones.
        const heat = i === j ? 0 : (shown[i][j] / maximum) ** 0.6;
        const text = values === "counts" ? String(images) : percentageText(fractions[i][j]);
        this.#updateCell(i, j, { images, fraction: fractions[i][j], heat, text });
        setAttribute(this.buttons[i + 1][j + 1], "data-open", open?.true === i && open.predicted === j ? "true" : null);
      }
    }
    this.labels.forEach((_, index) => {
      setPressed(this.buttons[0][index + 1], selected.predicted === index && selected.true === null);
      setPressed(this.buttons[index + 1][0], selected.true === index && selected.predicted === null);
    });
  }

  /**
   * @param {number} i
   * @param {number} j
   * @param {{images: number, fraction: number, heat: number, text: string}} cell
   *   `fraction`: fraction of the row; `heat`: position on the color scale, from 0 to 1
   */
  #updateCell(i, j, { images, fraction, heat, text }) {
    const button = this.buttons[i + 1][j + 1];
    const { selected, labels } = this;
    const inside =
      (selected.true === null || selected.true === i) && (selected.predicted === null || selected.predicted === j);
    setText(button, images === 0 && i !== j ? "·" : text);
    button.style.setProperty("--heat", heat.toFixed(3));
    button.classList.toggle("matrix-hot", heat > 0.5);
    button.classList.toggle("matrix-empty", images === 0);
    button.classList.toggle("matrix-outside", !inside);
    setPressed(button, selected.true === i && selected.predicted === j);
    const amount = images === 1 ? "1 image" : `${count(images)} images`;
    const outcome = i === j ? "correct" : "misclassified";
    const name = `true ${labels[i]}, predicted ${labels[j]}: ${amount}, ${percent(fraction)} of its row, ${outcome}`;
    setAttribute(button, "aria-label", name);
    setAttribute(button, "title", name);
  }

  #createTable() {
    const table = document.createElement("table");
    table.className = "matrix-table";
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", "Confusion matrix: a row for each true class, a column for each predicted class");
    for (let row = 0; row <= this.labels.length; row += 1) {
      /** @type {HTMLButtonElement[]} */
      const buttons = [];
      const line = table.insertRow();
      for (let column = 0; column <= this.labels.length; column += 1) {
        const header = row === 0 || column === 0;
        const cell = document.createElement(header && row + column > 0 ? "th" : "td");
        const button = document.createElement("button");
        if (row + column > 0) {
          this.#fillCell(cell, button, row, column);
          cell.append(button);
        }
        buttons.push(button);
        line.append(cell);
      }
      this.buttons.push(buttons);
    }
    this.buttons[1][1].tabIndex = 0;
    return table;
  }

  /**
   * @param {HTMLTableCellElement} cell
   * @param {HTMLButtonElement} button
   * @param {number} row
   * @param {number} column
   */
  #fillCell(cell, button, row, column) {
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.row = String(row);
    button.dataset.column = String(column);
    if (row === 0 || column === 0) {
      const label = this.labels[row === 0 ? column - 1 : row - 1];
      const axisName = row === 0 ? "predicted" : "true";
      cell.scope = row === 0 ? "col" : "row";
      button.className = `matrix-header matrix-header-${axisName}`;
      button.setAttribute("aria-label", `${axisName} ${label}`);
      button.title = `Only images ${row === 0 ? "predicted as" : "of true class"} ${label}`;
      const text = document.createElement("span");
      text.textContent = label;
      button.append(text);
    } else {
      button.className = row === column ? "matrix-cell matrix-diagonal" : "matrix-cell";
    }
  }

  #createLegend() {
    const legend = document.createElement("p");
    legend.className = "matrix-legend";
    const correct = document.createElement("span");
    correct.className = "matrix-legend-correct";
    correct.textContent = "✓ correct";
    const misclassified = document.createElement("span");
    misclassified.className = "matrix-legend-misclassified";
    const ramp = document.createElement("span");
    ramp.className = "matrix-legend-ramp";
    misclassified.append("✗ misclassified, from 0 ", ramp, " to ", this.legendMaximum);
    legend.append(correct, misclassified);
    return legend;
  }

  /** @param {Event} event */
  #handleClick(event) {
    const position = positionOf(event.target);
    if (!position) return;
    const choice = {
      true: position.row === 0 ? null : position.row - 1,
      predicted: position.column === 0 ? null : position.column - 1,
    };
    const isSelected = choice.true === this.selected.true && choice.predicted === this.selected.predicted;
    this.onSelect(isSelected ? { true: null, predicted: null } : choice);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const position = positionOf(event.target);
    const next = position && nextCell(event, position, this.labels.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next.row + next.column > 0) this.buttons[next.row][next.column].focus();
  }

  /**
   * Highlight the headers of a cell. A focused cell also becomes the tab stop of the matrix.
   * @param {EventTarget | null} target
   * @param {boolean} hasFocus
   */
  #pointAt(target, hasFocus) {
    const position = positionOf(target);
    if (!position) return;
    this.#highlight(position.row, position.column);
    if (!hasFocus) return;
    this.buttons[this.focused.row][this.focused.column].tabIndex = -1;
    this.buttons[position.row][position.column].tabIndex = 0;
    this.focused = position;
  }

  /**
   * Highlight the header of a row and the header of a column.
   * @param {number} row position of the row, from 1; 0 highlights no row header
   * @param {number} column position of the column, from 1; 0 highlights no column header
   */
  #highlight(row, column) {
    for (let index = 1; index <= this.labels.length; index += 1) {
      this.buttons[0][index].classList.toggle("matrix-lit", index === column);
      this.buttons[index][0].classList.toggle("matrix-lit", index === row);
    }
  }
}

/** Format a fraction as a percentage without a percent sign. @param {number} fraction */
function percentageText(fraction) {
  return fraction === 1 ? "100" : (100 * fraction).toFixed(1);
}

/**
 * Return the row and column of a button of the matrix, or null for any other element.
 * @param {EventTarget | null} target
 */
function positionOf(target) {
  const button = target instanceof Element ? target.closest("button") : null;
  if (!button?.dataset.row) return null;
  return { row: Number(button.dataset.row), column: Number(button.dataset.column) };
}

/**
 * @param {string} className
 * @param {string} text
 */
function createAxis(className, text) {
  const element = document.createElement("div");
  element.className = `matrix-axis ${className}`;
  element.setAttribute("aria-hidden", "true");
  element.textContent = text;
  return element;
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 */
function setPressed(button, pressed) {
  setAttribute(button, "aria-pressed", String(pressed));
}
