/**
 * Line chart of metrics over epochs: a title, a legend that shows values and toggles lines, the plot with labels at the
 * ends of the lines, a summary in words, and a table of the values. The chart accepts data at any rate, because a
 * throttle limits how often it is redrawn.
 *
 * @import {Marker, Scale, Series} from "./line_chart_layout.js"
 * @import {Range, Zoom} from "./zoom.js"
 */

import { onThemeChange } from "../core/colors.js";
import { element } from "../core/dom.js";
import { cost, count, percent } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { hasModifier, shortcutKey } from "../ui/keys.js";
import { describeChart, describeEmpty } from "./chart_summary.js";
import { chartTable } from "./chart_table.js";
import { endLabels } from "./end_labels.js";
import { chartLegend } from "./legend.js";
import { distinguishLines, layout, MARGIN, traces } from "./line_chart_layout.js";
import { fixHeight, PRINTED_WIDTH } from "./plotly_theme.js";
import { RedrawThrottle } from "./redraw_throttle.js";
import { thinSeries } from "./thinning.js";
import { AXES } from "./x_axis.js";
import { axisRanges, NO_ZOOM, nonEmptyZoom, positionLimits, rangeForKey, ZOOM_KEYS } from "./zoom.js";

const MIN_LABELED_WIDTH = 560; // px; narrower charts have no labels at the ends of the lines
const LABEL_WIDTH = 78; // px
const TICK_WIDTH = 55; // px for each label of the x-axis
const POINTS_PER_PIXEL = 2;
const KEYS = "+ - ArrowLeft ArrowRight 0";

let chartCount = 0;

export class LineChart {
  /** @param {HTMLElement} parent @param {{title: string, kind: Scale["kind"]}} options */
  constructor(parent, { title, kind }) {
    this.title = title;
    /** Called when a person has changed the visible positions. @type {(x: Range | null) => void} */
    this.onZoom = () => {};
    /** @type {Scale} */
    this.scale = { kind, log: false, xAxis: "epochs" };
    /** @type {readonly Series[]} */
    this.series = [];
    /** @type {Marker | null} */
    this.marker = null;
    /** Keys of the hidden series. @type {Set<string>} */
    this.hidden = new Set();
    this.zoom = NO_ZOOM;
    /** Position of the pointer on the x-axis, or null if it is outside the plot. @type {number | null} */
    this.pointer = null;
    this.open = false; // the details
    this.summary = "";
    /** Size of the plot when it was last drawn, px. */
    this.size = { width: 0, height: 0 };
    this.format = kind === "accuracy" ? (/** @type {number | null} */ value) => percent(value, 2) : cost;
    chartCount += 1;
    this.id = `chart-${chartCount}`;
    this.plot = /** @type {any} */ (element("div", { className: "chart-plot position-absolute", ariaHidden: "true" }));
    this.element = element("section", { className: "card card-body gap-2 chart" });
    this.element.setAttribute("aria-labelledby", `${this.id}-title`);
    this.#render();
    parent.append(this.element);
    this.frame = /** @type {HTMLElement} */ (this.plot.parentElement);

    this.revision = 0; // without a new revision, plotly.js would ignore other values in the same lines
    this.listening = false;
    this.throttle = new RedrawThrottle((library) => this.#draw(library));
    onThemeChange(() => this.redraw());
    this.printing = false;
    window.addEventListener("beforeprint", () => {
      this.printing = true;
      fixHeight(this.frame, true);
      this.throttle.drawNow();
    });
    window.addEventListener("afterprint", () => {
      this.printing = false;
      fixHeight(this.frame, false);
      this.redraw();
    });
    new ResizeObserver(() => this.redraw()).observe(this.frame);
  }

  /** Draw other series. @param {readonly Series[]} series @param {Marker | null} [marker] vertical line with a text */
  show(series, marker = null) {
    this.series = series;
    this.marker = marker;
    this.#requestDraw(false);
  }

  /** @param {Partial<Scale>} change */
  setScale(change) {
    if (change.xAxis) this.zoom = NO_ZOOM; // positions on another axis are different
    this.scale = { ...this.scale, ...change };
    this.redraw();
  }

  /**
   * Show these positions, or the nearest that contain a part of a line, and fit the values to them.
   * @param {Range | null} x null for all positions
   */
  showRange(x) {
    this.zoom = { x, y: null };
    this.redraw();
  }

  /** Draw again without delay. */
  redraw() {
    this.#requestDraw(true);
  }

  /** Draw the chart. Before the first epoch, there is nothing to load plotly.js for. @param {boolean} urgent */
  #requestDraw(urgent) {
    if (!this.listening) this.#render();
    if (this.listening || this.epochs > 0) this.throttle.requestDraw(urgent || !this.listening);
  }

  /** Number of completed epochs. */
  get epochs() {
    return Math.max(0, ...this.series.map(({ x }) => x.length));
  }

  get visibleSeries() {
    return this.series.filter(({ key }) => !this.hidden.has(key));
  }

  /** Selected zoom, extended if the lines have changed and a part of one is no longer in it. */
  get shownZoom() {
    return nonEmptyZoom(this.visibleSeries, this.zoom, this.scale.log) ?? NO_ZOOM;
  }

  /** @param {typeof Plotly} library */
  async #draw(library) {
    const { clientWidth, clientHeight: height } = this.frame;
    const width = this.printing ? PRINTED_WIDTH : clientWidth;
    if (clientWidth === 0) return; // the chart is hidden; when it appears, the ResizeObserver redraws it
    if (this.plot._dragging) return this.throttle.requestDraw(); // a redraw would end the selection of a rectangle
    const right = width >= MIN_LABELED_WIDTH ? LABEL_WIDTH : MARGIN.r;
    const draggable = window.matchMedia("(pointer: fine)").matches;
    const { marker, epochs, scale, title, format } = this;
    this.size = { width, height };
    this.summary = describeChart({ title, kind: scale.kind, series: this.series, xAxis: scale.xAxis, format });
    const { x, y } = axisRanges(this.series, this.visibleSeries, this.shownZoom, scale);
    const drawn = thinSeries(distinguishLines(this.series), POINTS_PER_PIXEL * width, this.shownZoom.x);
    this.revision += 1;
    const ticks = Math.min(10, Math.floor(width / TICK_WIDTH));
    const last = positionLimits(this.series)?.[1] ?? 0;
    const plotLayout = layout(scale, { right, marker, draggable, last, x, y, ticks });
    Object.assign(plotLayout, { datarevision: this.revision, width, height });
    const config = { displayModeBar: false, doubleClick: /** @type {const} */ (false) };
    await library.react(this.plot, traces(drawn, this.hidden, scale, epochs), plotLayout, config);
    this.#listenOnce();
    this.#render();
    Object.assign(this.frame.dataset, { epochs: String(epochs), xAxis: scale.xAxis });
  }

  #listenOnce() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_relayout", (/** @type {object} */ change) => this.#zoomWithPointer(Object.keys(change)));
    this.plot.on("plotly_doubleclick", () => this.#zoomTo(NO_ZOOM));
    this.plot.on("plotly_hover", (/** @type {any} */ { points }) => this.#pointAt(points[0]?.x ?? null));
    this.plot.on("plotly_unhover", () => this.#pointAt(null));
  }

  /** @param {number | null} pointer */
  #pointAt(pointer) {
    this.pointer = pointer;
    this.#render();
  }

  /** Read the zoom from the axes that a person has changed. @param {string[]} changed names of layout attributes */
  #zoomWithPointer(changed) {
    const { log } = this.scale;
    const { xaxis, yaxis } = this.plot.layout;
    const values = log ? yaxis.range.map((/** @type {number} */ value) => 10 ** value) : yaxis.range;
    const x = changed.some((name) => name.startsWith("xaxis.range")) ? xaxis.range : this.shownZoom.x;
    const y = changed.some((name) => name.startsWith("yaxis.range")) ? values : null;
    this.#zoomTo(nonEmptyZoom(this.visibleSeries, { x, y }, log) ?? NO_ZOOM);
  }

  /** @param {Zoom} zoom */
  #zoomTo(zoom) {
    this.zoom = zoom;
    this.redraw();
    this.onZoom(zoom.x);
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const limits = positionLimits(this.visibleSeries);
    if (!limits || event.target !== this.frame || hasModifier(event)) return;
    const key = shortcutKey(event, (name) => ZOOM_KEYS.includes(name));
    const x = key === null ? undefined : rangeForKey(key, this.shownZoom.x, limits);
    if (x === undefined) return;
    event.preventDefault();
    this.#zoomTo(nonEmptyZoom(this.visibleSeries, { x, y: null }, this.scale.log) ?? NO_ZOOM);
  }

  /** @param {string} key */
  #toggle(key) {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    this.redraw();
  }

  #render() {
    const { id, title, hidden, pointer, format, epochs, summary, shownZoom, visibleSeries, scale } = this;
    const series = distinguishLines(this.series);
    const legend = chartLegend({ series, hidden, pointer, format, onToggle: (key) => this.#toggle(key) });
    render(
      html`
        <div class="hstack flex-wrap gap-2 chart-head">
          <h2 id="${id}-title">${title}</h2>
          <div class="hstack gap-3 ms-auto small">
            <button type="button" class="btn btn-link btn-sm" ?hidden=${!shownZoom.x && !shownZoom.y}
              @click=${() => this.#resetZoom()}>Reset zoom</button>
            ${scale.kind === "cost" ? this.#logSwitch() : nothing}
          </div>
        </div>
        ${legend}
        <div class="chart-frame" tabindex="0" role="group" aria-roledescription="chart" aria-labelledby="${id}-title"
          aria-describedby="${id}-summary" aria-keyshortcuts=${KEYS}
          @keydown=${(/** @type {KeyboardEvent} */ event) => this.#handleKey(event)}>
          ${this.plot} ${this.#labels()}
          <p class="position-absolute top-50 w-100 pe-none text-center small text-body-secondary">${describeEmpty(visibleSeries, epochs, scale.log)}</p>
          <p class="position-absolute pe-none m-0 small chart-keys">Keys: + − zoom, ← → move, 0 reset</p>
        </div>
        <p id="${id}-summary" class="visually-hidden">${summary}</p>
        <details class="small" ?hidden=${epochs === 0} @toggle=${(/** @type {Event} */ event) => this.#toggleDetails(event)}>
          <summary>${title} in words and numbers</summary>
          <p class="num my-2" aria-hidden="true">${summary}</p>
          ${this.open ? this.#table() : nothing}
        </details>`,
      this.element,
    );
  }

  #logSwitch() {
    const onChange = (/** @type {{target: HTMLInputElement}} */ { target }) => {
      this.zoom = { ...this.zoom, y: null };
      this.setScale({ log: target.checked });
    };
    return html`<label class="form-check form-switch mb-0">
      <input type="checkbox" class="form-check-input" role="switch" .checked=${this.scale.log} @change=${onChange} /> Log
    </label>`;
  }

  /** Return the labels at the ends of the visible lines, unless the plot is too narrow. */
  #labels() {
    const { width, height } = this.size;
    const range = this.plot.layout?.yaxis.range; // undefined before the first drawing is complete
    if (width < MIN_LABELED_WIDTH || !range) return nothing;
    const edges = { top: MARGIN.t, bottom: height - MARGIN.b, left: width - LABEL_WIDTH + 6 };
    const end = this.shownZoom.x?.[1] ?? Infinity;
    const visible = (/** @type {Series} */ { x, y }) => y.slice(0, x.findLastIndex((position) => position <= end) + 1);
    const series = this.visibleSeries.map((line) => ({ ...line, y: visible(line) }));
    return endLabels(series, range, this.scale.log, edges);
  }

  #table() {
    const { title, format, shownZoom, visibleSeries } = this;
    const { xAxis } = this.scale;
    const formatPosition = xAxis === "seconds" ? (/** @type {number} */ x) => x.toFixed(2) : count;
    const positionTitle = AXES[xAxis].title;
    const caption = `${title} by ${AXES[xAxis].choice}`;
    return chartTable({ caption, positionTitle, series: visibleSeries, visible: shownZoom.x, formatPosition, format });
  }

  /** @param {Event} event */
  #toggleDetails({ target }) {
    this.open = /** @type {HTMLDetailsElement} */ (target).open;
    this.#render();
  }

  /** Show everything, and move the focus from the button, which disappears, to the plot. */
  #resetZoom() {
    this.#zoomTo(NO_ZOOM);
    this.frame.focus({ preventScroll: true });
  }
}

/** Create a chart of the cost and a chart of the accuracy, which show the same positions. @param {HTMLElement} parent */
export function createCharts(parent) {
  const cost = new LineChart(parent, { title: "Cost", kind: "cost" });
  const accuracy = new LineChart(parent, { title: "Accuracy", kind: "accuracy" });
  cost.onZoom = (x) => accuracy.showRange(x);
  accuracy.onZoom = (x) => cost.showRange(x);
  return { cost, accuracy };
}
