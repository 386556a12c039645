/** Calibration section: confidence threshold, accuracy by coverage, and reliability diagram. */

import { FigurePlot } from "../charts/figure_plot.js";
import { errorMessage, isAborted } from "../core/api.js";
import { byId, setAttribute, setMessage, setText } from "../core/dom.js";
import { percent } from "../core/format.js";
import { RequestCache } from "../core/request_cache.js";
import { calibrationUrl, NO_FILTER } from "../misclassified/view_state.js";
import { describeCalibration, describeThreshold } from "./descriptions.js";
import { coverageCurve, reliabilityDiagram } from "./plots.js";
import { renderCalibrationTables } from "./table.js";

/**
 * @typedef {import("../../../types/api.js").Calibration} Calibration
 * @typedef {import("../misclassified/view_state.js").ImageView} ImageView
 */

export class CalibrationSection {
  /**
   * @param {number} runId
   * @param {{onThreshold: (threshold: number) => void, onFilter: (change: Partial<ImageView>) => void}} listener
   */
  constructor(runId, { onThreshold, onFilter }) {
    this.runId = runId;
    this.requests = new RequestCache();
    this.curve = new FigurePlot(byId("coverage"));
    this.diagram = new FigurePlot(byId("reliability"));
    this.slider = /** @type {HTMLInputElement} */ (byId("threshold"));
    this.slider.addEventListener("input", () => onThreshold(this.slider.valueAsNumber));
    const { answer, min_confidence, max_confidence, max_margin, flagged, suspects } = NO_FILTER;
    const reset = { answer, min_confidence, max_confidence, max_margin, flagged, suspects };
    /** @type {[string, (threshold: number) => Partial<ImageView>][]} */
    const choices = [
      ["show-covered", (limit) => ({ answer: "any", min_confidence: limit })],
      ["show-misclassified", (limit) => ({ min_confidence: limit })],
      ["show-rejected", (limit) => ({ answer: "any", max_confidence: limit })],
    ];
    for (const [id, choice] of choices) {
      byId(id).addEventListener("click", () => {
        onFilter({ ...reset, ...choice(this.slider.valueAsNumber) });
        byId("total").scrollIntoView({ block: "nearest" });
      });
    }
  }

  /**
   * Load and show the calibration of an epoch, with its coverage and accuracy at a confidence threshold.
   * @param {number} epoch
   * @param {number} threshold
   */
  async show(epoch, threshold) {
    this.slider.value = String(threshold);
    setText(byId("threshold-value"), percent(threshold, 0));
    try {
      this.#draw(await this.requests.get(calibrationUrl(this.runId, epoch)), threshold);
      setMessage(byId("calibration-problem"), "");
    } catch (error) {
      if (isAborted(error)) return;
      setMessage(byId("calibration-problem"), errorMessage(error));
    }
  }

  /**
   * @param {Calibration} calibration
   * @param {number} threshold
   */
  #draw(calibration, threshold) {
    const { epoch, expected_calibration_error: error, thresholds } = calibration;
    const at = thresholds[Math.round(100 * threshold)];
    const description = describeThreshold(at, calibration.images);
    setText(byId("calibration-text"), description);
    setAttribute(this.slider, "aria-valuetext", description);
    setText(byId("calibration-error"), percent(error));
    setText(byId("calibration-verdict"), describeCalibration(calibration));
    this.curve.show(() => coverageCurve(calibration, at), `Accuracy by coverage. ${description}`, epoch);
    this.diagram.show(
      () => reliabilityDiagram(calibration),
      `Reliability diagram. ${describeCalibration(calibration)}`,
      epoch,
    );
    renderCalibrationTables(byId("calibration-table"), calibration);
  }
}
