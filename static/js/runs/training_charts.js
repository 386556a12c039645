/**
 * Cost chart and accuracy chart of a run, with one smoothing slider, one horizontal axis and one zoom for both.
 *
 * @import {Series} from "../charts/line_chart_layout.js"
 * @import {XAxis} from "../charts/x_axis.js"
 * @import {Column, EpochSeries} from "../realtime/epoch_series.js"
 */

import { DOTTED, SOLID } from "../charts/legend.js";
import { createCharts } from "../charts/line_chart.js";
import { xAxisSelect } from "../charts/x_axis.js";
import { element } from "../core/dom.js";
import { html, render } from "../core/html.js";
import { smooth } from "../core/smoothing.js";

const SPLITS = /** @type {const} */ ([
  { key: "train", name: "Train", color: "--train", number: 1, dash: SOLID },
  { key: "validation", name: "Validation", color: "--validation", number: 2, dash: SOLID },
  { key: "test", name: "Test", color: "--test", number: 3, dash: DOTTED },
]);

export class TrainingCharts {
  /** @param {HTMLElement} root @param {(xAxis: XAxis) => void} onXAxis */
  constructor(root, onXAxis) {
    this.root = root;
    /** @type {EpochSeries | null} */
    this.epochs = null;
    this.weight = 0;
    this.onXAxis = onXAxis;
    this.element = element("div", { className: "charts" });
    const { cost, accuracy } = createCharts(this.element);
    this.cost = cost;
    this.accuracy = accuracy;
    /** @type {XAxis} */
    this.xAxis = "epochs";
    root.replaceChildren();
    this.#render();
  }

  /** Show or hide the accuracy chart. @param {boolean} shown */
  set hasAccuracy(shown) {
    this.accuracy.element.hidden = !shown;
  }

  /** Set the horizontal axis of both charts. @param {XAxis} xAxis */
  setXAxis(xAxis) {
    this.xAxis = xAxis;
    this.#render();
    if (this.epochs) this.show(this.epochs);
    this.cost.setScale({ xAxis });
    this.accuracy.setScale({ xAxis });
  }

  /** Scroll to a chart, and focus it. @param {"cost" | "accuracy"} kind */
  focus(kind) {
    const { element: shown, frame } = this[kind];
    shown.scrollIntoView({ block: "nearest" });
    frame.focus({ preventScroll: true });
  }

  /** Draw the epochs; call this again after new epochs. @param {EpochSeries} epochs */
  show(epochs) {
    this.epochs = epochs;
    const x = epochs[this.xAxis];
    const best = epochs.best && x.length > 1 ? { x: x[epochs.best.epoch - 1], text: "best" } : null;
    this.cost.show(this.#series(epochs, "cost"), best);
    this.accuracy.show(this.#series(epochs, "accuracy"), best);
  }

  /** @param {EpochSeries} epochs @param {"cost" | "accuracy"} metric @returns {Series[]} */
  #series(epochs, metric) {
    return SPLITS.filter(({ key }) => epochs.splits[key]).map((split) => {
      const raw = epochs.columns[/** @type {Column} */ (`${split.key}_${metric}`)];
      const common = { ...split, x: epochs[this.xAxis] };
      return this.weight ? { ...common, y: smooth(raw, this.weight), unsmoothed: raw } : { ...common, y: raw };
    });
  }

  #render() {
    const onInput = (/** @type {{target: HTMLInputElement}} */ { target }) => this.#setSmoothing(target.valueAsNumber);
    render(
      html`<div class="hstack flex-wrap justify-content-end column-gap-4 row-gap-1 small text-body-secondary charts-tools">
          ${xAxisSelect(this.xAxis, this.onXAxis)}
          <label class="hstack gap-2">
            Smoothing
            <input type="range" class="form-range w-auto" min="0" max="0.95" step="0.05" value="0" @input=${onInput} />
            <output class="num">${this.weight ? this.weight.toFixed(2) : "off"}</output>
          </label>
        </div>
        ${this.element}`,
      this.root,
    );
  }

  /** @param {number} weight weight of the previous average; 0 for no smoothing */
  #setSmoothing(weight) {
    this.weight = weight;
    this.#render();
    if (this.epochs) this.show(this.epochs);
    this.cost.redraw();
    this.accuracy.redraw();
  }
}
