/**
 * Heat strips: one quantity over the epochs, one strip for each layer. Arrow keys move between epochs and layers.
 *
 * A dark line marks values outside the healthy range: at the bottom if they are too small, at the top if they are too
 * large.
 *
 * @import {Layer, Quantity} from "./quantities.js"
 * @import {StripColumn} from "./strip_columns.js"
 * @import {TelemetrySeries} from "./telemetry_series.js"
 *
 * @typedef {object} StripsView
 * @property {Quantity} quantity
 * @property {readonly Layer[]} layers
 * @property {TelemetrySeries} series
 * @property {number} epochs number of completed epochs
 * @property {number | null} epoch chosen epoch, or null for the latest
 * @property {number | null} selected index of the selected layer
 */

import { color, onThemeChange } from "../core/colors.js";
import { element } from "../core/dom.js";
import { count } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { nextPosition } from "../ui/arrow_keys.js";
import { cellValue, MARKS } from "./cell_text.js";
import { columnAt, stripColumns } from "./strip_columns.js";

const HEIGHT = 24; // px
const LINE = { inset: 3, height: 3 }; // px
const EPOCH_KEYS = { back: ["ArrowLeft"], forward: ["ArrowRight"] };
const LAYER_KEYS = { back: ["ArrowUp"], forward: ["ArrowDown"] };

export class HeatStrips {
  /** @param {HTMLElement} root @param {(layer: number, epoch: number) => void} onSelect */
  constructor(root, onSelect) {
    this.root = root;
    this.onSelect = onSelect;
    /** @type {StripsView | null} */
    this.view = null;
    /** Epoch under the pointer. @type {number | null} */
    this.pointed = null;
    /** Canvas of each layer. @type {HTMLCanvasElement[]} */
    this.canvases = [];
    /** Columns of each layer. @type {StripColumn[][]} */
    this.columns = [];
    onThemeChange(() => this.#paint());
    new ResizeObserver(() => this.#paint()).observe(root);
  }

  /** @param {StripsView} view */
  update(view) {
    this.view = view;
    while (this.canvases.length < view.layers.length) {
      this.canvases.push(element("canvas", { className: "strip-canvas", ariaHidden: "true" }));
    }
    this.#render();
    this.#paint();
  }

  /** Redraw the canvases, whose columns depend on their width. */
  #paint() {
    const { view } = this;
    if (!view) return;
    const { quantity, layers, series, epochs } = view;
    layers.forEach((layer, index) => {
      const canvas = this.canvases[index];
      const width = canvas.clientWidth;
      if (!quantity.applies(layer) || width === 0) return;
      this.columns[index] = stripColumns(quantity, series.columns[quantity.judged][index], epochs, width);
      paint(canvas, this.columns[index], width);
    });
  }

  #render() {
    const { view, pointed } = this;
    if (!view) return;
    const { quantity, layers, epochs, epoch } = view;
    const rows = layers.flatMap((layer, index) => (quantity.applies(layer) ? [index] : []));
    const shown = pointed ?? epoch ?? epochs;
    render(
      html`<div class="strips" role="group" aria-label="${quantity.title} of each layer"
          @pointerleave=${() => this.#point(null)}>
          ${rows.map((index) => this.#row(view, rows, index, shown))}
        </div>
        <div class="strip-axis small text-body-secondary num" aria-hidden="true">
          <span class="d-flex justify-content-between"><span>1</span>
            <span>${pointed === null ? "epoch" : `epoch ${count(pointed)}`}</span><span>${count(epochs)}</span></span>
        </div>`,
      this.root,
    );
  }

  /** @param {StripsView} view @param {number[]} rows indices of the shown layers @param {number} index @param {number} shown */
  #row(view, rows, index, shown) {
    const { layers, epochs, epoch, selected } = view;
    const { name, detail } = layers[index];
    const { text, side } = cellValue({ ...view, index, epoch: shown });
    const current = epoch ?? epochs;
    const tabStop = selected !== null && rows.includes(selected) ? selected : rows[0];
    const label = `${name}, ${view.quantity.title.toLowerCase()}`;
    const onKeydown = (/** @type {KeyboardEvent} */ event) => this.#handleKey(event, rows, index, current);
    return html`<div class="strip small" data-selected=${index === selected || nothing}>
      <span class="strip-name text-truncate">${name} <span class="text-body-secondary">(${detail})</span></span>
      <div class="strip-track" role="slider" tabindex=${index === tabStop ? 0 : -1} data-layer=${index + 1}
        aria-label=${label} aria-valuemin="1" aria-valuemax=${epochs} aria-valuenow=${current}
        aria-valuetext=${cellValue({ ...view, index, epoch: current }).description}
        @click=${(/** @type {MouseEvent} */ event) => this.onSelect(index, this.#epochAt(event, index))}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#point(this.#epochAt(event, index))}
        @keydown=${onKeydown}>${this.canvases[index]}${epoch === null ? nothing : marker(epoch, epochs)}</div>
      <span class="strip-value num text-nowrap" data-side=${side ?? nothing}>${side && MARKS[side]} ${text}</span>
    </div>`;
  }

  /** Return the epoch of the column under the pointer. @param {MouseEvent} event @param {number} index */
  #epochAt({ clientX }, index) {
    const { left, width } = this.canvases[index].getBoundingClientRect();
    return columnAt(this.columns[index], (clientX - left) / width).epoch;
  }

  /** Show the values of an epoch. @param {number | null} epoch null for those of the chosen epoch */
  #point(epoch) {
    if (epoch === this.pointed) return;
    this.pointed = epoch;
    this.#render();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number[]} rows
   * @param {number} index
   * @param {number} epoch
   */
  #handleKey(event, rows, index, epoch) {
    const { epochs } = /** @type {StripsView} */ (this.view);
    const position = nextPosition(event, epoch - 1, epochs - 1, EPOCH_KEYS);
    const row = nextPosition(event, rows.indexOf(index), rows.length - 1, LAYER_KEYS);
    const isSelection = event.key === "Enter" || event.key === " ";
    if (position === null && row === null && !isSelection) return;
    event.preventDefault();
    this.pointed = null;
    const layer = position === null && row !== null ? rows[row] : index;
    this.onSelect(layer, position === null ? epoch : position + 1);
    /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-layer="${layer + 1}"]`))?.focus();
  }
}

/** Template of the line that marks the chosen epoch. @param {number} epoch @param {number} epochs */
function marker(epoch, epochs) {
  const position = Math.min(1, (epoch - 0.5) / epochs).toFixed(4);
  return html`<span class="strip-marker" .style=${`--position: ${position}`}></span>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {readonly StripColumn[]} columns
 * @param {number} width px
 */
function paint(canvas, columns, width) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== HEIGHT) canvas.height = HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true }); // without the graphics card, as in pixels.js
  if (!context) return;
  context.clearRect(0, 0, width, HEIGHT);
  columns.forEach((column, index) => {
    const left = Math.round((index * width) / columns.length);
    const right = Math.round(((index + 1) * width) / columns.length);
    paintColumn(context, column, left, right - left);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {StripColumn} column
 * @param {number} left
 * @param {number} width
 */
function paintColumn(context, { side, strength }, left, width) {
  const fill = (/** @type {string} */ style, top = 0, height = HEIGHT) => {
    context.fillStyle = style;
    context.fillRect(left, top, width, height);
  };
  if (side === "unknown") return;
  fill(color("--strip-healthy"));
  if (side !== "healthy") {
    context.globalAlpha = strength;
    fill(color(side === "low" ? "--strip-low" : "--strip-high"));
    context.globalAlpha = 1;
    if (side !== "high") fill(color("--on-zero"), HEIGHT - LINE.inset - LINE.height, LINE.height);
    if (side !== "low") fill(color("--on-zero"), LINE.inset, LINE.height);
  }
}
