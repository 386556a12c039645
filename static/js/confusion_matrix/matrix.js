/**
 * The confusion matrix as a grid of buttons: a cell, a row header or a column header chooses what to look at.
 *
 * The shade of a cell is scaled by the largest *mistake*, so that the thousands of right answers on the diagonal do not
 * drown the dozens of wrong ones beside it.
 */

import { setAttribute, setText } from "../core/dom.js";
import { count, percent } from "../core/format.js";
import { stepTo } from "../ui/arrow_keys.js";
import { largestConfusion, rowShares } from "./counts.js";

/** Less than this stays pale at most: a handful of mistakes, a hundredth of a class. */
const LEAST_HEAT = { counts: 5, shares: 0.01 };

/**
 * What is chosen; null stands for every class.
 * @typedef {{true: number | null, predicted: number | null}} ClassChoice
 */

/**
 * @typedef {object} MatrixOptions
 * @property {string[]} labels the classes, in the order of rows and columns
 * @property {number[][]} matrix counts of images: row = true class, column = predicted class
 * @property {"counts" | "shares"} [figures] what the cells tell: images, or percent of their row
 * @property {ClassChoice} [selected] what is chosen now
 * @property {{true: number, predicted: number} | null} [open] the cell of the image that is looked at
 * @property {(choice: ClassChoice) => void} [onSelect] told of a new choice; choosing again clears
 */

/** @type {WeakMap<Element, MatrixView>} */
const views = new WeakMap();

/**
 * Draw the matrix into `element`, or bring the one drawn there before up to date.
 * @param {HTMLElement} element
 * @param {MatrixOptions} options
 */
export function renderConfusionMatrix(element, options) {
  let view = views.get(element);
  if (!view?.fits(options.labels)) {
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
    this.table = this.#table();
    const wrapper = document.createElement("div");
    wrapper.className = "matrix";
    if (labels.some((label) => label.length > 2)) wrapper.classList.add("matrix-long-labels");
    wrapper.append(axis("matrix-axis-predicted", "Predicted →"), axis("matrix-axis-true", "True ↓"), this.table);
    this.legendMaximum = document.createElement("span");
    element.classList.add("matrix-frame");
    element.replaceChildren(wrapper, this.#legend());
    this.table.addEventListener("click", (event) => this.#click(event));
    this.table.addEventListener("keydown", (event) => this.#move(event));
    this.table.addEventListener("focusin", (event) => this.#point(event.target, true));
    this.table.addEventListener("pointerover", (event) => this.#point(event.target, false));
    this.table.addEventListener("pointerleave", () => this.#light(0, 0));
    this.table.addEventListener("focusout", () => this.#light(0, 0));
  }

  /** @param {string[]} labels */
  fits(labels) {
    return labels.length === this.labels.length && labels.every((label, index) => label === this.labels[index]);
  }

  /** @param {MatrixOptions} options */
  update({ matrix, figures = "counts", selected = { true: null, predicted: null }, open = null, onSelect }) {
    this.selected = selected;
    this.onSelect = onSelect ?? (() => {});
    const shares = rowShares(matrix);
    const shown = figures === "counts" ? matrix : shares;
    const most = Math.max(LEAST_HEAT[figures], largestConfusion(shown));
    setText(this.legendMaximum, figures === "counts" ? `${count(most)} images` : `${percent(most)} of a row`);
    for (const [i, row] of matrix.entries()) {
      for (const [j, images] of row.entries()) {
        // A power below 1 lifts the single mistakes out of the ground without drowning the frequent ones.
        const heat = i === j ? 0 : (shown[i][j] / most) ** 0.6;
        const text = figures === "counts" ? String(images) : shareText(shares[i][j]);
        this.#cell(i, j, { images, share: shares[i][j], heat, text });
        setAttribute(this.buttons[i + 1][j + 1], "data-open", open?.true === i && open.predicted === j ? "true" : null);
      }
    }
    this.labels.forEach((_, index) => {
      press(this.buttons[0][index + 1], selected.predicted === index && selected.true === null);
      press(this.buttons[index + 1][0], selected.true === index && selected.predicted === null);
    });
  }

  /**
   * @param {number} i
   * @param {number} j
   * @param {{images: number, share: number, heat: number, text: string}} cell `share` of its row, `heat` from 0 to 1
   */
  #cell(i, j, { images, share, heat, text }) {
    const button = this.buttons[i + 1][j + 1];
    const { selected, labels } = this;
    const inside =
      (selected.true === null || selected.true === i) && (selected.predicted === null || selected.predicted === j);
    setText(button, images === 0 && i !== j ? "·" : text);
    button.style.setProperty("--heat", heat.toFixed(3));
    button.classList.toggle("matrix-hot", heat > 0.5);
    button.classList.toggle("matrix-empty", images === 0);
    button.classList.toggle("matrix-outside", !inside);
    press(button, selected.true === i && selected.predicted === j);
    const amount = images === 1 ? "1 image" : `${count(images)} images`;
    const answer = i === j ? "right" : "wrong";
    const name = `true ${labels[i]}, predicted ${labels[j]}: ${amount}, ${percent(share)} of its row, ${answer}`;
    setAttribute(button, "aria-label", name);
    setAttribute(button, "title", name);
  }

  #table() {
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
          this.#dress(cell, button, row, column);
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
  #dress(cell, button, row, column) {
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
      button.title = `Only images ${row === 0 ? "predicted as" : "that are truly"} ${label}`;
      const text = document.createElement("span");
      text.textContent = label;
      button.append(text);
    } else {
      button.className = row === column ? "matrix-cell matrix-diagonal" : "matrix-cell";
    }
  }

  #legend() {
    const legend = document.createElement("p");
    legend.className = "matrix-legend";
    const right = document.createElement("span");
    right.className = "matrix-legend-right";
    right.textContent = "✓ right";
    const wrong = document.createElement("span");
    wrong.className = "matrix-legend-wrong";
    const ramp = document.createElement("span");
    ramp.className = "matrix-legend-ramp";
    wrong.append("✗ wrong, from 0 ", ramp, " to ", this.legendMaximum);
    legend.append(right, wrong);
    return legend;
  }

  /** @param {Event} event */
  #click(event) {
    const place = placeOf(event.target);
    if (!place) return;
    const choice = {
      true: place.row === 0 ? null : place.row - 1,
      predicted: place.column === 0 ? null : place.column - 1,
    };
    const again = choice.true === this.selected.true && choice.predicted === this.selected.predicted;
    this.onSelect(again ? { true: null, predicted: null } : choice);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const place = placeOf(event.target);
    const next = place && stepTo(event, place, this.labels.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next.row + next.column > 0) this.buttons[next.row][next.column].focus();
  }

  /**
   * Light up the headers of the cell that is pointed at; a cell with the focus also becomes the tab stop.
   * @param {EventTarget | null} target
   * @param {boolean} hasFocus
   */
  #point(target, hasFocus) {
    const place = placeOf(target);
    if (!place) return;
    this.#light(place.row, place.column);
    if (!hasFocus) return;
    this.buttons[this.focused.row][this.focused.column].tabIndex = -1;
    this.buttons[place.row][place.column].tabIndex = 0;
    this.focused = place;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #light(row, column) {
    for (let index = 1; index <= this.labels.length; index += 1) {
      this.buttons[0][index].classList.toggle("matrix-lit", index === column);
      this.buttons[index][0].classList.toggle("matrix-lit", index === row);
    }
  }
}

/** A share of a row in a cell, in percent without the sign. @param {number} share */
function shareText(share) {
  return share === 1 ? "100" : (100 * share).toFixed(1);
}

/** @param {EventTarget | null} target */
function placeOf(target) {
  const button = target instanceof Element ? target.closest("button") : null;
  if (!button?.dataset.row) return null;
  return { row: Number(button.dataset.row), column: Number(button.dataset.column) };
}

/**
 * @param {string} className
 * @param {string} text
 */
function axis(className, text) {
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
function press(button, pressed) {
  setAttribute(button, "aria-pressed", String(pressed));
}
