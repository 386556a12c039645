/**
 * Section "Inside the network": heat strips of one quantity, one strip for each layer, with the explanation of the
 * selected value. The strips follow the epoch of the page. On request, the section also contains line charts.
 *
 * @import {Run} from "../../../types/api.js"
 * @import {TelemetryStored} from "../../../types/events.js"
 * @import {EpochSeries} from "../realtime/epoch_series.js"
 * @import {Quantity, QuantityKey} from "./quantities.js"
 *
 * @typedef {object} InsideView part of the URL's state
 * @property {number | null} epoch null for the latest
 * @property {QuantityKey | "auto"} quantity "auto" for the first one that is outside its healthy range
 * @property {number | null} layer number of the selected layer, from 1
 * @property {typeof INSIDE_VIEWS[number]} inside "charts" to show the line charts too
 *
 * @typedef {object} InsideState
 * @property {InsideView} values
 * @property {(change: Partial<InsideView>, options?: {kind?: string}) => void} navigate
 */

import { ApiError, api } from "../core/api.js";
import { byId, element } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { EpochFollower } from "../realtime/epoch_follower.js";
import { isLive } from "../realtime/run_status.js";
import { radioButtons } from "../ui/choices.js";
import { retryAlert } from "../ui/retry_alert.js";
import {
  describeFirstCost,
  describeMeasured,
  explainCell,
  outlierMarks,
  summarizeLayers,
  verdictOf,
} from "./cell_text.js";
import { glossaryAddress } from "./glossary_links.js";
import { HeatStrips } from "./heat_strips.js";
import { layersOf, quantitiesOf } from "./quantities.js";
import { TelemetryCharts } from "./telemetry_charts.js";
import { TelemetrySeries } from "./telemetry_series.js";

export const INSIDE_VIEWS = /** @type {const} */ (["strips", "charts"]);
const REDRAW_INTERVAL = 300; // ms between two redraws

export class InsideSection {
  /**
   * @param {Run} run
   * @param {{outputs: number, state: InsideState, reuseHref: string}} options `outputs`: number of outputs of the
   *   network; `reuseHref`: URL of the form with the hyperparameters of the run
   */
  constructor(run, { outputs, state, reuseHref }) {
    this.root = byId("inside");
    this.body = byId("inside-strips");
    this.chartsRoot = byId("inside-charts");
    this.state = state;
    this.outputs = outputs;
    this.reuseHref = reuseHref;
    this.run = run;
    /** Number of completed epochs. */
    this.epochs = 0;
    this.layers = layersOf(run.hyperparameters, outputs);
    this.quantities = quantitiesOf(this.layers);
    this.series = new TelemetrySeries(this.layers.length);
    /** Quantity that the section shows until a person chooses one. @type {Quantity | null} */
    this.initial = null;
    this.problem = "";
    this.loading = false;
    /** True when the server has sent the stored measurements. */
    this.loaded = false;
    /** True if measurements are missing that the request in progress may not contain. */
    this.incomplete = false;
    this.stripsRoot = element("div", { className: "vstack gap-1" });
    this.strips = new HeatStrips(this.stripsRoot, (layer, epoch) => this.#select(layer, epoch));
    /** @type {TelemetryCharts | null} */
    this.charts = null;
    this.changes = 0;
    this.redraws = new EpochFollower(async () => this.#draw(), REDRAW_INTERVAL);
    if (run.epochs_completed > 0) this.#load();
  }

  /** Update the section after new epochs or a change of status. @param {{run: Run, epochs: EpochSeries}} live */
  show({ run, epochs }) {
    const wasLive = isLive(this.run);
    this.run = run;
    this.epochs = epochs.epochs.length;
    this.root.hidden = !isLive(run) && run.epochs_completed === 0 && this.epochs === 0;
    const isUnknown = !this.loaded && !this.loading && !this.problem && this.epochs > 0;
    if (isUnknown || (wasLive && !isLive(run))) this.#load();
    this.#redrawSoon();
  }

  /** Add measurements that the server sent, and request those of an event that was lost. @param {TelemetryStored} event */
  receive(event) {
    if (this.series.addEvent(event)) this.#redrawSoon();
    else this.#load();
  }

  /** Show the quantity, the layer and the epoch of the URL. */
  refresh() {
    this.#draw();
  }

  #redrawSoon() {
    this.changes += 1;
    this.redraws.follow(this.changes);
  }

  /** Request the stored measurements that the page does not have. */
  async #load() {
    this.incomplete = true;
    if (this.loading) return;
    this.loading = true;
    while (this.incomplete) {
      this.incomplete = false;
      await this.#request();
    }
    this.loading = false;
    this.#draw();
  }

  async #request() {
    try {
      const { items } = await api.get(`/api/runs/${this.run.id}/telemetry?after=${this.series.last}`);
      this.series.add(items);
      this.loaded = true;
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 0) this.problem = error.message; // otherwise the page reports the lost connection
    }
  }

  /** @param {number} layer index of the layer @param {number} epoch */
  #select(layer, epoch) {
    this.state.navigate({ layer: layer + 1, epoch }, { kind: "epoch" });
  }

  get #quantity() {
    return this.quantities.find(({ key }) => key === this.state.values.quantity) ?? this.#initialQuantity();
  }

  /** Return the first quantity outside its healthy range if the run has ended ill. It never changes on the open page. */
  #initialQuantity() {
    const { run, quantities, layers, series } = this;
    const isIll = !isLive(run) && run.diagnosis?.status === "ill";
    const isOutside = (/** @type {Quantity} */ quantity) =>
      outlierMarks({ quantity, layers, series, epoch: this.#last });
    this.initial ??= (isIll && quantities.find(isOutside)) || quantities[0];
    return this.initial;
  }

  #draw() {
    render(this.#content(), this.body);
    this.#drawCharts();
    const { layers, series } = this;
    if (series.last === 0 || this.problem) return;
    this.strips.update({
      quantity: this.#quantity,
      layers,
      series,
      epochs: this.#last,
      epoch: this.#chosen,
      selected: this.#selected,
    });
  }

  #content() {
    if (this.problem) return retryAlert(this.problem, () => this.#load());
    if (this.series.last === 0) return this.#empty();
    const { series, layers, outputs } = this;
    const quantity = this.#quantity;
    const epoch = this.#chosen ?? this.#last;
    const measured = series.measuredEpochs(quantity.shown, layers.findIndex(quantity.applies));
    const showsCharts = this.state.values.inside === "charts";
    const toggle = () => this.state.navigate({ inside: showsCharts ? "strips" : "charts" });
    const choices = this.quantities.map((one) => {
      const marks = outlierMarks({ quantity: one, layers, epoch, series });
      return /** @type {const} */ ([one.key, marks ? `${one.name} ${marks}` : one.name]);
    });
    return html`
      ${series.first ? html`<p class="num" data-part="first-cost">${describeFirstCost(series.first, outputs)}</p>` : nothing}
      <div class="hstack flex-wrap gap-2 justify-content-between">
        <div class="btn-group btn-group-sm flex-wrap" role="group" aria-label="Quantity">
          ${radioButtons("inside-quantity", choices, quantity.key, (key) => this.state.navigate({ quantity: key }))}
        </div>
        <button class="btn btn-outline-secondary btn-sm" type="button" aria-expanded=${showsCharts}
          aria-controls="inside-charts" @click=${toggle}>${showsCharts ? "Hide the charts" : "Show as charts"}</button>
      </div>
      <p class="fw-semibold num" data-part="summary">${summarizeLayers({ quantity, layers, epoch, series })}</p>
      ${this.stripsRoot} ${this.#explanation(quantity, epoch)}
      <p class="hstack flex-wrap column-gap-3 row-gap-1 small text-body-secondary">${legend(quantity)}</p>
      <p class="small text-body-secondary">Healthy: ${quantity.range} (${quantity.source}).
        ${describeMeasured(measured, this.#last)}
        <a href="${glossaryAddress(quantity.term)}">${quantity.term} in the glossary</a></p>`;
  }

  /** @param {Quantity} quantity @param {number} epoch */
  #explanation(quantity, epoch) {
    const { layers, series } = this;
    const index = this.#selected;
    if (index === null || !quantity.applies(layers[index])) return nothing;
    return html`<p class="num" data-part="explanation">${explainCell({ quantity, layers, index, epoch, series })}</p>`;
  }

  #empty() {
    const { run, epochs, loaded } = this;
    if (isLive(run) && run.epochs_completed === 0 && epochs === 0) {
      return html`<p class="text-body-secondary">The first epoch draws the first column of each strip.</p>`;
    }
    if (!loaded || isLive(run)) return nothing;
    return html`<p class="text-body-secondary">This run has no measurements inside the network, because an earlier version of
      Misfit trained it. <a href=${this.reuseHref}>Train it again</a> to see them.</p>`;
  }

  #drawCharts() {
    const { series, layers, quantities, chartsRoot } = this;
    const shown = this.state.values.inside === "charts" && series.last > 0;
    chartsRoot.hidden = !shown;
    if (!shown) return;
    this.charts ??= new TelemetryCharts(chartsRoot, quantities, layers);
    this.charts.show(series, this.#chosen);
  }

  /** Number of epochs on the axis. */
  get #last() {
    return Math.max(this.epochs, this.series.last);
  }

  /** Chosen epoch, or null for the latest. */
  get #chosen() {
    const { epoch } = this.state.values;
    return epoch === null ? null : Math.min(epoch, this.#last);
  }

  /** Index of the selected layer, or null. */
  get #selected() {
    const { layer } = this.state.values;
    return layer !== null && layer <= this.layers.length ? layer - 1 : null;
  }
}

/** Template of the meaning of colors and patterns. @param {Quantity} quantity */
function legend(quantity) {
  const low = html`<span><span class="strip-swatch strip-low"></span> ▼ ${verdictOf(quantity, "low")}</span>`;
  return html`${quantity.log ? low : nothing}
    <span><span class="strip-swatch"></span> healthy</span>
    <span><span class="strip-swatch strip-high"></span> ▲ ${verdictOf(quantity, "high")}</span>`;
}
