/**
 * One chart of lines over epochs: a title, a legend that reads out the values and switches lines on and off, the plot,
 * and labels at the ends of the lines. It may be shown new data at any rate.
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

const WIDE = 560; // px: from here there is room for labels at the ends of the lines
const LABEL_ROOM = 78;

let charts = 0;

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
    this.controls = element("div", { className: "cluster chart-controls" });
    this.unzoom = element("button", { type: "button", className: "btn btn-quiet btn-sm", hidden: true }, "Reset zoom");
    this.controls.append(this.unzoom);
    charts += 1;
    const heading = element("h2", { id: `chart-title-${charts}` }, title);
    this.element = element("section", { className: "panel chart", "aria-labelledby": heading.id });
    const titles = element("div", { className: "chart-title" }, heading);
    if (note) titles.append(element("p", { className: "small muted" }, note));
    this.waiting = element("p", { className: "chart-waiting" }, "The first epoch draws the first point.");
    this.frame = element("div", { className: "chart-frame" }, this.plot, this.labels.element, this.waiting);
    const header = element("div", { className: "panel-header" }, titles, this.controls);
    this.element.append(header, this.legend.element, this.summary, this.frame);
    parent.append(this.element);

    this.revision = 0; // the columns of a live run grow in place, which plotly.js cannot see by itself
    this.ready = false;
    this.pace = new RedrawThrottle((library) => this.#draw(library));
    this.unzoom.addEventListener("click", () => this.#resetZoom());
    onThemeChange(() => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(this.frame);
  }

  /**
   * Show these series from now on.
   * @param {readonly Series[]} series
   * @param {Marker | null} [marker] a place to point out
   */
  show(series, marker = null) {
    this.series = series;
    this.marker = marker;
    this.revision += 1;
    this.pace.soon();
  }

  /** @param {Partial<Scale>} change */
  setScale(change) {
    if (change.xAxis) this.unzoom.hidden = true; // a stretch of epochs is none of seconds
    this.scale = { ...this.scale, ...change };
    this.redraw();
  }

  /** Draw at once what is shown, for a person waits. */
  redraw() {
    this.pace.soon(true);
  }

  /** @param {typeof Plotly} library */
  async #draw(library) {
    if (this.frame.clientWidth === 0) return; // hidden; its first size will be told by the observer
    const wide = this.frame.clientWidth >= WIDE;
    const epochs = Math.max(0, ...this.series.map((one) => one.x.length));
    const { xAxis } = this.scale;
    const draggable = window.matchMedia("(pointer: fine)").matches;
    const right = wide ? LABEL_ROOM : MARGIN.r;
    const look = layout(this.scale, { right, marker: this.marker, draggable, epochs });
    look.datarevision = this.revision;
    look.width = this.frame.clientWidth;
    look.height = this.frame.clientHeight;
    this.legend.show(this.series);
    this.waiting.hidden = epochs > 0;
    await library.react(this.plot, traces(this.series, this.legend.hidden, this.scale), look, {
      displayModeBar: false,
      doubleClick: "autosize",
    });
    this.#listenOnce();
    this.#placeLabels(wide);
    this.#summarize(epochs);
    Object.assign(this.frame.dataset, { epochs: String(epochs), xAxis });
  }

  #listenOnce() {
    if (this.ready) return;
    this.ready = true;
    this.plot.on("plotly_relayout", () => {
      const { xaxis, yaxis } = this.plot.layout;
      this.unzoom.hidden = xaxis.autorange !== false && yaxis.autorange !== false;
      this.#placeLabels(this.frame.clientWidth >= WIDE);
    });
    this.plot.on("plotly_hover", (/** @type {any} */ { points }) => this.legend.read(points[0]?.x ?? null));
    this.plot.on("plotly_unhover", () => this.legend.read(null));
  }

  async #resetZoom() {
    const library = await plotly();
    await library.relayout(this.plot, { "xaxis.autorange": true, "yaxis.autorange": true });
    this.plot.focus?.();
  }

  /** @param {boolean} wide */
  #placeLabels(wide) {
    const shown = wide ? this.series.filter((one) => !this.legend.hidden.has(one.key)) : [];
    const { clientWidth: width, clientHeight: height } = this.frame;
    const inner = { top: MARGIN.t, bottom: height - MARGIN.b, left: width - LABEL_ROOM + 6 };
    this.labels.place(shown, this.plot.layout.yaxis.range ?? [0, 1], this.scale.log, inner);
  }

  /** Describe the chart in words for screen readers. @param {number} epochs */
  #summarize(epochs) {
    const parts = this.series.map((one) => `${one.name} ${this.format(one.y.at(-1) ?? null)}`);
    this.summary.textContent = epochs ? `After epoch ${epochs}: ${parts.join(", ")}.` : "No epochs yet.";
  }
}
