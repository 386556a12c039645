/** Calibration section: confidence threshold, accuracy by coverage, and reliability diagram. */
import { FigurePlot } from "../charts/figure_plot.js";
import { errorMessage, isAborted } from "../core/api.js";
import { byId } from "../core/dom.js";
import { percent } from "../core/format.js";
import { html, live, render } from "../core/html.js";
import { RequestCache } from "../core/request_cache.js";
import { calibrationUrl, NO_FILTER } from "../misclassified/view_state.js";
import { describeCalibration, describeThreshold } from "./descriptions.js";
import { coverageCurve, reliabilityDiagram } from "./plots.js";
import { calibrationTables } from "./tables.js";

/** @import {Calibration} from "../../../types/api.js" */
/** @import {ImageView} from "../misclassified/view_state.js" */

/** Buttons that list images above or below a threshold. @type {[string, (limit: number) => Partial<ImageView>][]} */
const LISTS = [
  ["above the threshold", (limit) => ({ answer: "any", min_confidence: limit })],
  ["misclassified above it", (limit) => ({ min_confidence: limit })],
  ["below the threshold", (limit) => ({ answer: "any", max_confidence: limit })],
];

export class CalibrationSection {
  /**
   * @param {number} runId
   * @param {{onThreshold: (threshold: number) => void, onFilter: (change: Partial<ImageView>) => void}} listener
   */
  constructor(runId, listener) {
    this.runId = runId;
    this.listener = listener;
    this.requests = new RequestCache();
    this.controls = byId("calibration-controls");
    this.curve = new FigurePlot(byId("coverage"));
    this.verdict = byId("calibration-verdict");
    this.diagram = new FigurePlot(byId("reliability"));
    this.tables = byId("calibration-tables");
    this.description = "";
  }

  /**
   * Load and show the calibration of an epoch, with its coverage and accuracy at a confidence threshold.
   * @param {number} epoch
   * @param {number} threshold
   */
  async show(epoch, threshold) {
    this.#drawControls(threshold);
    try {
      this.#draw(await this.requests.get(calibrationUrl(this.runId, epoch)), threshold);
    } catch (error) {
      if (!isAborted(error)) this.#drawControls(threshold, errorMessage(error));
    }
  }

  /** @param {Calibration} calibration @param {number} threshold */
  #draw(calibration, threshold) {
    const { epoch, thresholds, images, expected_calibration_error: error } = calibration;
    const at = thresholds[Math.round(100 * threshold)];
    const verdict = describeCalibration(calibration);
    this.description = describeThreshold(at, images);
    this.#drawControls(threshold);
    render(
      html`${verdict} <span class="text-body-secondary">Expected calibration error
        <strong class="num" id="calibration-error">${percent(error)}</strong>: the mean difference between the confidence
        and the accuracy of a bar, weighted by its number of images. On the dashed line, confidence equals
        accuracy.</span>`,
      this.verdict,
    );
    render(calibrationTables(calibration).map(textTable), this.tables);
    this.curve.show(() => coverageCurve(calibration, at), `Accuracy by coverage. ${this.description}`, epoch);
    this.diagram.show(() => reliabilityDiagram(calibration), `Reliability diagram. ${verdict}`, epoch);
  }

  /**
   * Draw the slider, the coverage and accuracy at its threshold, and the buttons.
   * @param {number} threshold
   * @param {string} [problem]
   */
  #drawControls(threshold, problem = "") {
    const { listener, description } = this;
    const onInput = (/** @type {Event & {target: HTMLInputElement}} */ { target }) =>
      listener.onThreshold(target.valueAsNumber);
    render(
      html`<p class="alert alert-danger mb-3" role="alert" ?hidden=${!problem}>${problem}</p>
        <label for="threshold">Confidence threshold
          <output class="num fw-semibold" for="threshold">${percent(threshold, 0)}</output></label>
        <input class="form-range" id="threshold" type="range" min="0" max="1" step="0.01"
          .value=${live(String(threshold))} aria-valuetext=${description} @input=${onInput}>
        <p class="fw-semibold num mb-2" id="calibration-text">${description}</p>
        <div class="hstack flex-wrap gap-2 d-print-none" role="group" aria-label="Show these images">
          <span class="small text-body-secondary">Show</span>
          ${LISTS.map(
            ([text, filter]) => html`<button class="btn btn-outline-secondary btn-sm" type="button"
              @click=${() => this.#list(filter(threshold))}>${text}</button>`,
          )}
        </div>`,
      this.controls,
    );
  }

  /** List images by confidence, and scroll to them. @param {Partial<ImageView>} filter */
  #list(filter) {
    const { answer, min_confidence, max_confidence, max_margin, flagged, suspects } = NO_FILTER;
    this.listener.onFilter({ answer, min_confidence, max_confidence, max_margin, flagged, suspects, ...filter });
    document.getElementById("total")?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {import("./tables.js").TextTable} table */
function textTable({ caption, headings, rows }) {
  return html`<table class="table table-sm small caption-top">
    <caption class="fw-semibold text-body pb-0">${caption}</caption>
    <thead><tr>${headings.map((text, column) => html`<th class=${column ? "num" : ""} scope="col">${text}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([first, ...rest]) =>
        html`<tr><th scope="row">${first}</th>${rest.map((text) => html`<td class="num">${text}</td>`)}</tr>`,
    )}</tbody>
  </table>`;
}
