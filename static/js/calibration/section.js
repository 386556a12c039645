/** Whether the confidence can be trusted: a threshold to try, coverage against accuracy, a reliability diagram. */

import { FigurePlot } from "../charts/figure_plot.js";
import { byId, setAttribute, setText } from "../core/dom.js";
import { count, percent } from "../core/format.js";
import { isAborted, RequestCache } from "../core/request_cache.js";
import { calibrationAddress, NO_FILTER } from "../misclassified/view_state.js";
import { coverageCurve, reliabilityDiagram } from "./plots.js";
import { calibrationTable } from "./table.js";

/**
 * @typedef {import("../../../types/messages.js").Calibration} Calibration
 * @typedef {import("../misclassified/view_state.js").MistakesView} MistakesView
 */

export class CalibrationSection {
  /**
   * @param {number} runId
   * @param {{onThreshold: (threshold: number) => void, onFilter: (change: Partial<MistakesView>) => void}} listener
   */
  constructor(runId, { onThreshold, onFilter }) {
    this.runId = runId;
    this.answers = new RequestCache();
    this.curve = new FigurePlot(byId("coverage"));
    this.diagram = new FigurePlot(byId("reliability"));
    this.slider = /** @type {HTMLInputElement} */ (byId("threshold"));
    this.slider.addEventListener("input", () => onThreshold(this.slider.valueAsNumber));
    const { answer, min_confidence, max_confidence, max_margin, flagged, suspects } = NO_FILTER;
    const all = { answer, min_confidence, max_confidence, max_margin, flagged, suspects };
    /** @type {[string, (threshold: number) => Partial<MistakesView>][]} */
    const choices = [
      ["show-answered", (limit) => ({ answer: "any", min_confidence: limit })],
      ["show-wrongly", (limit) => ({ min_confidence: limit })],
      ["show-left-out", (limit) => ({ answer: "any", max_confidence: limit })],
    ];
    for (const [id, choice] of choices) {
      byId(id).addEventListener("click", () => {
        onFilter({ ...all, ...choice(this.slider.valueAsNumber) });
        byId("total").scrollIntoView({ block: "nearest" });
      });
    }
  }

  /**
   * @param {number} epoch
   * @param {number} threshold
   */
  async show(epoch, threshold) {
    this.slider.value = String(threshold);
    setText(byId("threshold-value"), percent(threshold, 0));
    try {
      this.#draw(await this.answers.get(calibrationAddress(this.runId, epoch)), threshold);
      byId("trust-problem").hidden = true;
    } catch (error) {
      if (isAborted(error)) return;
      setText(byId("trust-problem"), error instanceof Error ? error.message : String(error));
      byId("trust-problem").hidden = false;
    }
  }

  /**
   * @param {Calibration} calibration
   * @param {number} threshold
   */
  #draw(calibration, threshold) {
    const { epoch, expected_calibration_error: gap, thresholds } = calibration;
    const at = thresholds[Math.round(100 * threshold)];
    const words = thresholdInWords(at, calibration.images);
    setText(byId("trust-words"), words);
    setAttribute(this.slider, "aria-valuetext", words);
    setText(byId("trust-gap"), percent(gap));
    setText(byId("trust-verdict"), verdict(calibration));
    this.curve.show(() => coverageCurve(calibration, at), `Coverage against accuracy. ${words}`, epoch);
    this.diagram.show(() => reliabilityDiagram(calibration), `Reliability diagram. ${verdict(calibration)}`, epoch);
    calibrationTable(byId("calibration-table"), calibration);
  }
}

/**
 * @param {import("../../../types/messages.js").CalibrationThreshold} at
 * @param {number} images
 */
function thresholdInWords({ threshold, coverage, accuracy }, images) {
  const answered = Math.round(coverage * images);
  if (answered === 0) return `At ${percent(threshold, 0)} it answers none of the images.`;
  return (
    `At ${percent(threshold, 0)} it answers ${percent(coverage)} of the images (${count(answered)}), ` +
    `${percent(accuracy, 2)} of them right.`
  );
}

/** @param {Calibration} calibration */
function verdict({ bins, images, expected_calibration_error: gap }) {
  if (gap === null) return "The outputs are not numbers.";
  const known = bins.filter(({ confidence }) => confidence !== null);
  const excess =
    known.reduce((sum, bin) => sum + bin.images * ((bin.confidence ?? 0) - (bin.accuracy ?? 0)), 0) / images;
  if (gap < 0.01) return "It is about as often right as it is sure.";
  if (excess > gap / 2) return "It is more often sure than right: overconfident.";
  return excess < -gap / 2 ? "It is more often right than sure: underconfident." : "It is sure in the wrong places.";
}
