/** What-if editor: paint on or transform the image, and see the prediction for the changed image. */
import { partOf, setAttribute, setText } from "../core/dom.js";
import { probability } from "../core/format.js";
import { changeInWords } from "../core/signed_numbers.js";
import { PaintCanvas } from "../images/paint_canvas.js";
import { decodeBytes, encodeBase64 } from "../images/pixels.js";
import { CounterfactualPanel } from "./counterfactual.js";
import { OutputBars } from "./output_bars.js";
import { isNeutral, TransformSliders, transformOf } from "./transform_sliders.js";
import { WhatIfRequests } from "./what_if_requests.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {{predicted_label: number, sums: number[], probabilities: number[]}} ProbeResult
 * @typedef {{body: object, base: Uint8Array, varied: boolean}} Question
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
    /** Painted image before the transform. @type {Uint8Array} */
    this.base = this.original;
    /** Image on display. @type {Uint8Array} */
    this.seen = this.original;
    /** @type {Uint8Array[]} */
    this.strokes = [];
    this.outputs = new OutputBars(this.#part("what-if-outputs"), classNames);
    this.board = new PaintCanvas(panel, { beginStroke: () => this.#beginStroke(), onPaint: () => this.#predict() });
    this.sliders = new TransformSliders(this.#part("what-if-sliders"), () => this.#predict());
    this.brush = new TransformSliders(/** @type {HTMLElement} */ (panel.querySelector(".what-if-brush")), () =>
      this.#updateBrush(),
    );
    this.counterfactual = new CounterfactualPanel(panel, {
      runId,
      classNames,
      onEdit: (pixels) => this.#editPixels(pixels),
    });
    /** @type {WhatIfRequests<Question>} */
    this.probe = new WhatIfRequests(`/api/runs/${runId}/probe`, {
      onAnswer: (answer, question, settled) => {
        if (question.varied && question.base === this.base) this.#showImage(decodeBytes(answer.pixels));
        this.#showPrediction(answer, settled);
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
   * Edit another image, or keep the edits if only the epoch changed.
   * @param {Explanation} explanation
   */
  update(explanation) {
    const same = this.explanation?.index === explanation.index;
    this.explanation = explanation;
    this.counterfactual.update(explanation);
    const { predicted_label: label, true_label: truth, probabilities } = explanation;
    const before = `${label === truth ? "✓" : "✗"} ${this.classNames[label]}, ${probability(probabilities[label])}`;
    setText(this.#part("what-if-before"), `Original image: ${before}. Changed image:`);
    if (same) {
      this.#predict();
      return;
    }
    this.original = decodeBytes(explanation.pixels);
    this.brush.set({ size: explanation.shape[1] > 12 ? 2 : 1, light: 100 });
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
    this.sliders.set({ down, right });
    this.#predict();
  }

  #updateBrush() {
    this.board.setBrush({ size: this.brush.value("size"), brightness: Math.round(2.55 * this.brush.value("light")) });
  }

  /** Start a stroke on the transformed image, and reset the sliders. */
  #beginStroke() {
    this.strokes.push(this.base);
    if (this.strokes.length > MAX_UNDO) this.strokes.shift();
    this.base = this.seen.slice();
    this.sliders.set(NO_TRANSFORM);
    this.seen = this.base;
    return this.base;
  }

  #undo() {
    const before = this.strokes.pop();
    if (!before) return;
    this.base = before;
    this.sliders.set(NO_TRANSFORM);
    this.#showImage(before);
    this.#predict();
  }

  #reset() {
    this.strokes = [];
    this.base = this.original;
    this.sliders.set(NO_TRANSFORM);
    this.#showImage(this.original);
    this.#predict();
  }

  /** Continue with other pixels; undo restores the previous ones. @param {Uint8Array} pixels */
  #editPixels(pixels) {
    this.#beginStroke();
    this.base = pixels;
    this.#showImage(pixels);
    this.#predict();
    this.board.stage.focus({ preventScroll: true });
    this.board.stage.scrollIntoView({ block: "nearest" });
  }

  /** @param {Uint8Array} pixels */
  #showImage(pixels) {
    if (!this.explanation) return;
    this.seen = pixels;
    this.board.show(pixels, this.explanation.shape);
    this.#showChangeSize();
  }

  #predict() {
    if (!this.explanation) return;
    const variation = transformOf(this.sliders);
    const varied = !isNeutral(variation);
    const painted = this.base !== this.original;
    if (!varied && this.seen !== this.base) this.#showImage(this.base);
    this.#showChangeSize();
    if (!varied && !painted) {
      this.probe.cancel();
      this.#showPrediction(this.explanation, true);
      return;
    }
    const { index, epoch } = this.explanation;
    const body = { index, epoch, ...(painted && { pixels: encodeBase64(this.base) }), ...(varied && variation) };
    this.probe.ask({ body, base: this.base, varied });
  }

  /** Show the size of the change. */
  #showChangeSize() {
    const { seen, original } = this;
    const squaredSize = seen.reduce((sum, pixel, index) => sum + ((pixel - original[index]) / 255) ** 2, 0);
    setAttribute(this.#part("undo-stroke"), "aria-disabled", String(this.strokes.length === 0));
    setAttribute(this.#part("reset-image"), "aria-disabled", String(squaredSize === 0));
    setText(
      this.#part("what-if-size"),
      squaredSize === 0
        ? "The thin line in each bar marks the output for the original image."
        : `Size of the change: ${changeInWords(Math.sqrt(squaredSize))}.`,
    );
  }

  /**
   * @param {ProbeResult} result
   * @param {boolean} settled
   */
  #showPrediction({ predicted_label: label, sums, probabilities }, settled) {
    if (!this.explanation) return;
    const { true_label: trueLabel, probabilities: before } = this.explanation;
    this.outputs.update({ probabilities, logits: sums, trueLabel, predictedLabel: label, before });
    const correct = label === trueLabel;
    const now = this.#part("what-if-now");
    setText(now, `${correct ? "✓" : "✗"} ${this.classNames[label]}, ${probability(probabilities[label])}`);
    setAttribute(now, "class", correct ? "correct" : "incorrect");
    this.#part("what-if-problem").hidden = true;
    if (!settled) return;
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
