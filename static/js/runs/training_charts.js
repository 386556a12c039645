/**
 * Cost chart and accuracy chart of a run, with one smoothing slider and one horizontal axis for both.
 *
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 * @typedef {import("../realtime/epoch_series.js").Column} Column
 * @typedef {import("../charts/line_chart_layout.js").Series} Series
 * @typedef {import("../charts/x_axis.js").XAxis} XAxis
 */

import { LineChart } from "../charts/line_chart.js";
import { smooth } from "../charts/smoothing.js";
import { XAxisChoice } from "../charts/x_axis.js";
import { element } from "../core/dom.js";

const SPLITS = /** @type {const} */ ([
  { key: "train", name: "Train", color: "--train", dash: "solid" },
  { key: "validation", name: "Validation", color: "--validation", dash: "solid" },
  { key: "test", name: "Test", color: "--test", dash: "dot" },
]);

export class TrainingCharts {
  /**
   * @param {HTMLElement} parent
   * @param {(xAxis: XAxis) => void} onXAxis
   */
  constructor(parent, onXAxis) {
    /** @type {EpochSeries | null} */
    this.epochs = null;
    this.weight = 0;
    this.choice = new XAxisChoice(onXAxis);
    parent.append(
      element(
        "div",
        { className: "hstack flex-wrap gap-2 charts-tools" },
        this.choice.element,
        this.#createSmoothingSlider(),
      ),
    );
    this.cost = new LineChart(parent, { title: "Cost", kind: "cost" });
    this.accuracy = new LineChart(parent, { title: "Accuracy", kind: "accuracy" });
    /** @type {XAxis} */
    this.xAxis = "epochs";
    this.cost.controls.append(this.#createLogSwitch());
  }

  /** Show or hide the accuracy chart. @param {boolean} shown */
  set hasAccuracy(shown) {
    this.accuracy.element.hidden = !shown;
  }

  /** Set the horizontal axis of both charts. @param {XAxis} xAxis */
  setXAxis(xAxis) {
    this.xAxis = xAxis;
    this.choice.choose(xAxis);
    if (this.epochs) this.show(this.epochs);
    this.cost.setScale({ xAxis });
    this.accuracy.setScale({ xAxis });
  }

  /** Draw the epochs; call this again after new epochs. @param {EpochSeries} epochs */
  show(epochs) {
    this.epochs = epochs;
    const x = epochs[this.xAxis];
    const best = epochs.best && x.length > 1 ? { x: x[epochs.best.epoch - 1], text: "best" } : null;
    this.cost.show(this.#series(epochs, "cost"), best);
    this.accuracy.show(this.#series(epochs, "accuracy"), best);
  }

  /**
   * @param {EpochSeries} epochs
   * @param {"cost" | "accuracy"} metric
   * @returns {Series[]}
   */
  #series(epochs, metric) {
    return SPLITS.filter(({ key }) => epochs.splits[key]).map((split) => {
      const raw = epochs.columns[/** @type {Column} */ (`${split.key}_${metric}`)];
      const common = { ...split, x: epochs[this.xAxis] };
      return this.weight ? { ...common, y: smooth(raw, this.weight), unsmoothed: raw } : { ...common, y: raw };
    });
  }

  #createSmoothingSlider() {
    const slider = element("input", { type: "range", className: "form-range", min: "0", max: "0.95", step: "0.05" });
    slider.value = "0";
    const shown = element("output", { className: "num" }, "off");
    slider.addEventListener("input", () => {
      this.weight = slider.valueAsNumber;
      shown.textContent = this.weight ? this.weight.toFixed(2) : "off";
      if (this.epochs) this.show(this.epochs);
      this.cost.redraw();
      this.accuracy.redraw();
    });
    return element("label", { className: "chart-smoothing" }, "Smoothing", slider, shown);
  }

  #createLogSwitch() {
    const box = element("input", { type: "checkbox", className: "form-check-input", role: "switch" });
    box.addEventListener("change", () => this.cost.setScale({ log: box.checked }));
    return element("label", { className: "form-check form-switch chart-log" }, box, "Log");
  }
}
