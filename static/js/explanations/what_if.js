/** What-if editor: lets a person paint on the image or transform it, and shows the prediction for the changed image. */
import { partOf, setAttribute, setText } from "../core/dom.js";
import { probability } from "../core/format.js";
import { describeChangeSize } from "../core/signed_numbers.js";
import { PaintCanvas } from "../images/paint_canvas.js";
import { decodeBytes, encodeBase64 } from "../images/pixels.js";
import { CounterfactualPanel } from "./counterfactual.js";
import { OutputBars } from "./output_bars.js";
import { isNeutral, TransformSliders, transformOf } from "./transform_sliders.js";
import { WhatIfRequests } from "./what_if_requests.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {{predicted_label: number, sums: number[], probabilities: number[]}} ProbeResult
 * @typedef {{body: object, base: Uint8Array, transformed: boolean}} Edit
 */

const MAX_UNDO = 50; // strokes
const NO_TRANSFORM = { right: 0, down: 0, rotation: 0, thickness: 0, blur: 0 };

export class WhatIf {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, classNames: string[]}} options
   */
  constructor(panel, { runId, classNames }) {
    this.panel = panel;
    this.classNames = classNames;
    /** @type {Explanation | null} */
    this.explanation = null;
    /** @type {Uint8Array} */
    this.original = new Uint8Array();
    /** Painted image, to which the transform has not been applied. @type {Uint8Array} */
    this.base = this.original;
    /** Image on display. @type {Uint8Array} */
    this.displayed = this.original;
    /** Copy of the painted image from before each stroke, for undo. @type {Uint8Array[]} */
    this.strokes = [];
    this.outputs = new OutputBars(this.#part("what-if-outputs"), classNames);
    this.paintCanvas = new PaintCanvas(panel, {
      beginStroke: () => this.#beginStroke(),
      onPaint: () => this.#predict(),
    });
    this.sliders = new TransformSliders(this.#part("what-if-sliders"), () => this.#predict());
    this.brush = new TransformSliders(/** @type {HTMLElement} */ (panel.querySelector(".what-if-brush")), () =>
      this.#updateBrush(),
    );
    this.counterfactual = new CounterfactualPanel(panel, {
      runId,
      classNames,
      onEdit: (pixels) => this.#editPixels(pixels),
    });
    /** @type {WhatIfRequests<Edit>} */
    this.requests = new WhatIfRequests(`/api/runs/${runId}/probe`, {
      onResult: (result, edit, isLatest) => {
        if (edit.transformed && edit.base === this.base) this.#showImage(decodeBytes(result.pixels));
        this.#showPrediction(result, isLatest);
      },
      onError: (error) => this.#showError(error),
    });
    this.#part("undo-stroke").addEventListener("click", () => this.#undo());
    this.#part("reset-image").addEventListener("click", () => this.#reset());
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /**
   * Show another image, or keep the edits if only the epoch changed.
   * @param {Explanation} explanation
   */
  update(explanation) {
    const isSameImage = this.explanation?.index === explanation.index;
    this.explanation = explanation;
    this.counterfactual.update(explanation);
    const { predicted_label: label, true_label: truth, probabilities } = explanation;
    const before = `${label === truth ? "✓" : "✗"} ${this.classNames[label]}, ${probability(probabilities[label])}`;
    setText(this.#part("what-if-before"), `Original image: ${before}. Changed image:`);
    if (isSameImage) {
      this.#predict();
      return;
    }
    this.original = decodeBytes(explanation.pixels);
    this.brush.setValues({ size: explanation.shape[1] > 12 ? 2 : 1, light: 100 });
    this.#updateBrush();
    this.#reset();
  }

  /**
   * Shift the original image by whole pixels.
   * @param {number} down
   * @param {number} right
   */
  shift(down, right) {
    this.#reset();
    this.sliders.setValues({ down, right });
    this.#predict();
  }

  #updateBrush() {
    this.paintCanvas.setBrush({
      size: this.brush.value("size"),
      brightness: Math.round(2.55 * this.brush.value("light")),
    });
  }

  /** Start a stroke on the transformed image, and reset the sliders. */
  #beginStroke() {
    this.strokes.push(this.base);
    if (this.strokes.length > MAX_UNDO) this.strokes.shift();
    this.base = this.displayed.slice();
    this.sliders.setValues(NO_TRANSFORM);
    this.displayed = this.base;
    return this.base;
  }

  #undo() {
    const previous = this.strokes.pop();
    if (!previous) return;
    this.base = previous;
    this.sliders.setValues(NO_TRANSFORM);
    this.#showImage(previous);
    this.#predict();
  }

  #reset() {
    this.strokes = [];
    this.base = this.original;
    this.sliders.setValues(NO_TRANSFORM);
    this.#showImage(this.original);
    this.#predict();
  }

  /** Replace the pixels; undo restores the previous ones. @param {Uint8Array} pixels */
  #editPixels(pixels) {
    this.#beginStroke();
    this.base = pixels;
    this.#showImage(pixels);
    this.#predict();
    this.paintCanvas.stage.focus({ preventScroll: true });
    this.paintCanvas.stage.scrollIntoView({ block: "nearest" });
  }

  /** @param {Uint8Array} pixels */
  #showImage(pixels) {
    if (!this.explanation) return;
    this.displayed = pixels;
    this.paintCanvas.show(pixels, this.explanation.shape);
    this.#showChangeSize();
  }

  /** Show the prediction for the current edits. */
  #predict() {
    if (!this.explanation) return;
    const transform = transformOf(this.sliders);
    const transformed = !isNeutral(transform);
    const painted = this.base !== this.original;
    if (!transformed && this.displayed !== this.base) this.#showImage(this.base);
    this.#showChangeSize();
    if (!transformed && !painted) {
      this.requests.cancel();
      this.#showPrediction(this.explanation, true);
      return;
    }
    const { index, epoch } = this.explanation;
    const body = { index, epoch, ...(painted && { pixels: encodeBase64(this.base) }), ...(transformed && transform) };
    this.requests.send({ body, base: this.base, transformed });
  }

  /** Show the size of the change, and enable undo and reset. */
  #showChangeSize() {
    const { displayed, original } = this;
    const squaredSize = displayed.reduce((sum, pixel, index) => sum + ((pixel - original[index]) / 255) ** 2, 0);
    setAttribute(this.#part("undo-stroke"), "aria-disabled", String(this.strokes.length === 0));
    setAttribute(this.#part("reset-image"), "aria-disabled", String(squaredSize === 0));
    setText(
      this.#part("what-if-size"),
      squaredSize === 0
        ? "The thin line in each bar marks the output for the original image."
        : `Size of the change: ${describeChangeSize(Math.sqrt(squaredSize))}.`,
    );
  }

  /**
   * @param {ProbeResult} result
   * @param {boolean} isLatest false while a newer edit waits for its prediction
   */
  #showPrediction({ predicted_label: label, sums: logits, probabilities }, isLatest) {
    if (!this.explanation) return;
    const { true_label: trueLabel, probabilities: before } = this.explanation;
    this.outputs.update({ probabilities, logits, trueLabel, predictedLabel: label, before });
    const correct = label === trueLabel;
    const prediction = this.#part("what-if-now");
    setText(prediction, `${correct ? "✓" : "✗"} ${this.classNames[label]}, ${probability(probabilities[label])}`);
    setAttribute(prediction, "class", correct ? "text-success-emphasis" : "text-danger-emphasis");
    this.#part("what-if-problem").hidden = true;
    if (!isLatest) return;
    setText(
      this.#part("what-if-live"),
      `Now predicted as ${this.classNames[label]}, ${correct ? "correct" : "misclassified"}, ${probability(probabilities[label])}`,
    );
  }

  /** @param {unknown} error */
  #showError(error) {
    const problem = this.#part("what-if-problem");
    setText(problem, error instanceof Error ? error.message : String(error));
    problem.hidden = false;
  }
}
