/**
 * Line chart of metrics over epochs: a title, a legend that shows values and toggles lines, the plot, and labels at the
 * ends of the lines. The chart accepts data at any rate, because a throttle limits how often it is redrawn.
 *
 * @typedef {import("./line_chart_layout.js").Series} Series
 * @typedef {import("./line_chart_layout.js").Scale} Scale
 * @typedef {import("./line_chart_layout.js").Marker} Marker
 */

import { onThemeChange } from "../core/colors.js";
import { element } from "../core/dom.js";
import { cost, percent } from "../core/format.js";
import { EndLabels } from "./end_labels.js";
import { ChartLegend } from "./legend.js";
import { layout, MARGIN, traces } from "./line_chart_layout.js";
import { plotly } from "./plotly_loader.js";
import { RedrawThrottle } from "./redraw_throttle.js";

const MIN_LABELED_WIDTH = 560; // px; narrower charts have no labels at the ends of the lines
const LABEL_WIDTH = 78; // px

let chartCount = 0;

export class LineChart {
  /**
   * @param {HTMLElement} parent
   * @param {{title: string, kind: Scale["kind"], note?: string}} options
   */
  constructor(parent, { title, kind, note = "" }) {
    /** @type {Scale} */
    this.scale = { kind, log: false, xAxis: "epochs" };
    /** @type {readonly Series[]} */
    this.series = [];
    /** @type {Marker | null} */
    this.marker = null;
    this.format = kind === "accuracy" ? (/** @type {number | null} */ value) => percent(value, 2) : cost;
    this.legend = new ChartLegend(this.format, () => this.redraw());
    this.labels = new EndLabels();
    this.plot = /** @type {any} */ (element("div", { className: "chart-plot" }));
    this.summary = element("p", { className: "visually-hidden" });
    this.controls = element("div", { className: "hstack flex-wrap gap-2 chart-controls" });
    this.resetZoomButton = element(
      "button",
      { type: "button", className: "btn btn-link btn-sm", hidden: true },
      "Reset zoom",
    );
    this.controls.append(this.resetZoomButton);
    chartCount += 1;
    const heading = element("h2", { id: `chart-title-${chartCount}` }, title);
    this.element = element("section", { className: "card card-body chart", "aria-labelledby": heading.id });
    const titles = element("div", { className: "chart-title" }, heading);
    if (note) titles.append(element("p", { className: "small text-body-secondary" }, note));
    this.waiting = element("p", { className: "chart-waiting" }, "The first epoch draws the first point.");
    this.frame = element("div", { className: "chart-frame" }, this.plot, this.labels.element, this.waiting);
    const header = element(
      "div",
      { className: "d-flex flex-wrap justify-content-between align-items-baseline gap-2 mb-3" },
      titles,
      this.controls,
    );
    this.element.append(header, this.legend.element, this.summary, this.frame);
    parent.append(this.element);

    this.revision = 0; // the values were appended to the same arrays, so only a new revision makes plotly.js draw them
    this.listening = false;
    this.throttle = new RedrawThrottle((library) => this.#draw(library));
    this.resetZoomButton.addEventListener("click", () => this.#resetZoom());
    onThemeChange(() => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(this.frame);
  }

  /**
   * Draw other series.
   * @param {readonly Series[]} series
   * @param {Marker | null} [marker] vertical line with a text
   */
  show(series, marker = null) {
    this.series = series;
    this.marker = marker;
    this.revision += 1;
    this.throttle.requestDraw();
  }

  /** @param {Partial<Scale>} change */
  setScale(change) {
    if (change.xAxis) this.resetZoomButton.hidden = true; // another x-axis resets the zoom
    this.scale = { ...this.scale, ...change };
    this.redraw();
  }

  /** Draw again without delay. */
  redraw() {
    this.throttle.requestDraw(true);
  }

  /** @param {typeof Plotly} library */
  async #draw(library) {
    if (this.frame.clientWidth === 0) return; // the chart is hidden; when it appears, the ResizeObserver redraws it
    const labeled = this.frame.clientWidth >= MIN_LABELED_WIDTH;
    const epochs = Math.max(0, ...this.series.map(({ x }) => x.length));
    const { xAxis } = this.scale;
    const draggable = window.matchMedia("(pointer: fine)").matches;
    const right = labeled ? LABEL_WIDTH : MARGIN.r;
    const plotLayout = layout(this.scale, { right, marker: this.marker, draggable, epochs });
    plotLayout.datarevision = this.revision;
    plotLayout.width = this.frame.clientWidth;
    plotLayout.height = this.frame.clientHeight;
    this.legend.show(this.series);
    this.waiting.hidden = epochs > 0;
    await library.react(this.plot, traces(this.series, this.legend.hidden, this.scale), plotLayout, {
      displayModeBar: false,
      doubleClick: "autosize",
    });
    this.#listenOnce();
    this.#drawLabels(labeled);
    this.#summarize(epochs);
    Object.assign(this.frame.dataset, { epochs: String(epochs), xAxis });
  }

  #listenOnce() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_relayout", () => {
      const { xaxis, yaxis } = this.plot.layout;
      this.resetZoomButton.hidden = xaxis.autorange !== false && yaxis.autorange !== false;
      this.#drawLabels(this.frame.clientWidth >= MIN_LABELED_WIDTH);
    });
    this.plot.on("plotly_hover", (/** @type {any} */ { points }) => this.legend.showValuesAt(points[0]?.x ?? null));
    this.plot.on("plotly_unhover", () => this.legend.showValuesAt(null));
  }

  async #resetZoom() {
    const library = await plotly();
    await library.relayout(this.plot, { "xaxis.autorange": true, "yaxis.autorange": true });
    this.plot.focus?.();
  }

  /** @param {boolean} labeled false to remove the labels */
  #drawLabels(labeled) {
    const visible = labeled ? this.series.filter(({ key }) => !this.legend.hidden.has(key)) : [];
    const { clientWidth: width, clientHeight: height } = this.frame;
    const edges = { top: MARGIN.t, bottom: height - MARGIN.b, left: width - LABEL_WIDTH + 6 };
    this.labels.draw(visible, this.plot.layout.yaxis.range ?? [0, 1], this.scale.log, edges);
  }

  /** Describe the chart in words for screen readers. @param {number} epochs */
  #summarize(epochs) {
    const parts = this.series.map(({ name, y }) => `${name} ${this.format(y.at(-1) ?? null)}`);
    this.summary.textContent = epochs ? `After epoch ${epochs}: ${parts.join(", ")}.` : "No epochs yet.";
  }
}
