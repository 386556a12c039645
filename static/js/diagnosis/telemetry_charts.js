/**
 * Line charts of the quantities inside the network, one line for each layer.
 *
 * @import {Series} from "../charts/line_chart_layout.js"
 * @import {Layer, Quantity} from "./quantities.js"
 * @import {TelemetrySeries} from "./telemetry_series.js"
 */

import { LineChart } from "../charts/line_chart.js";

const COLORS = 8; // in tokens.css

export class TelemetryCharts {
  /**
   * @param {HTMLElement} parent
   * @param {readonly Quantity[]} quantities
   * @param {readonly Layer[]} layers
   */
  constructor(parent, quantities, layers) {
    this.layers = layers;
    this.charts = quantities.map((quantity) => {
      const chart = new LineChart(parent, { title: quantity.title, kind: quantity.log ? "cost" : "accuracy" });
      chart.setScale({ log: quantity.log });
      return { quantity, chart };
    });
    for (const { chart } of this.charts) {
      chart.onZoom = (x) => {
        for (const other of this.charts) if (other.chart !== chart) other.chart.showRange(x);
      };
    }
  }

  /** Draw all measurements. @param {TelemetrySeries} series @param {number | null} epoch chosen epoch */
  show(series, epoch) {
    const marker = epoch === null ? null : { x: epoch, text: `epoch ${epoch}` };
    for (const { quantity, chart } of this.charts) chart.show(chartLines(quantity, this.layers, series), marker);
  }
}

/**
 * Return the lines of a chart. Their points are the measured epochs.
 * @param {Quantity} quantity
 * @param {readonly Layer[]} layers
 * @param {TelemetrySeries} series
 * @returns {Series[]}
 */
function chartLines(quantity, layers, series) {
  return layers.flatMap((layer, index) => {
    if (!quantity.applies(layer)) return [];
    const points = series.columns[quantity.shown][index].flatMap((value, position) =>
      value === null ? [] : [{ x: position + 1, y: Number.isNaN(value) ? null : value }],
    );
    const number = (index % COLORS) + 1;
    const color = `--series-${number}`;
    const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
    return [{ key: `layer-${index + 1}`, name: layer.name, color, number, x, y }];
  });
}
