/** What-if editor: lets a person paint on the image or transform it, and shows the prediction for the changed image. */
import { errorMessage } from "../core/api.js";
import { partOf } from "../core/dom.js";
import { probability } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { PaintCanvas } from "../images/paint_canvas.js";
import { decodeBytes } from "../images/pixels.js";
import { CounterfactualPanel, describeOutcome } from "./counterfactual.js";
import { outputRows } from "./output_bars.js";
import { BRUSH, isNeutral, NO_TRANSFORM, slidersTemplate, TRANSFORM, transformOf } from "./transform_sliders.js";
import { describeChange, editBody, WhatIfRequests } from "./what_if_requests.js";

/**
 * @import {Explanation} from "../../../types/api.js"
 * @import {SliderValues} from "./transform_sliders.js"
 * @typedef {{predicted_label: number, sums: number[], probabilities: number[]}} Prediction
 */

const MAX_UNDO = 50; // strokes

export class WhatIf {
  /**
   * @param {HTMLElement} panel
   * @param {{runId: number, classNames: string[], onSize: (index: number, epoch: number, size: number) => void}} options
   */
  constructor(panel, { runId, classNames, onSize }) {
    this.root = partOf(panel, "what-if");
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
    this.transform = NO_TRANSFORM;
    /** @type {SliderValues} */
    this.brush = { size: 2, light: 100 };
    /** @type {Prediction | null} */
    this.prediction = null;
    this.announcement = ""; // for screen readers
    this.problem = "";
    this.paintCanvas = new PaintCanvas({ beginStroke: () => this.#beginStroke(), onPaint: () => this.#predict() });
    const onEdit = (/** @type {Uint8Array} */ pixels) => this.#editPixels(pixels);
    this.counterfactual = new CounterfactualPanel(panel, { runId, classNames, onEdit, onSize });
    this.requests = new WhatIfRequests(`/api/runs/${runId}/probe`, (error) => {
      this.problem = errorMessage(error);
      this.#render();
    });
  }

  /** Show another image, or keep the edits if only the epoch changed. @param {Explanation} explanation */
  update(explanation) {
    const isSameImage = this.explanation?.index === explanation.index;
    this.explanation = explanation;
    this.counterfactual.update(explanation);
    if (isSameImage) {
      this.#predict();
      return;
    }
    this.original = decodeBytes(explanation.pixels);
    this.#setBrush({ size: explanation.shape[1] > 12 ? 2 : 1, light: 100 });
    this.#reset();
  }

  /** Shift the original image by whole pixels. @param {number} down @param {number} right */
  shift(down, right) {
    this.#reset();
    this.#setTransform({ ...NO_TRANSFORM, down, right });
  }

  /** @param {SliderValues} values */
  #setTransform(values) {
    this.transform = values;
    this.#predict();
  }

  /** @param {SliderValues} values */
  #setBrush(values) {
    this.brush = values;
    this.paintCanvas.setBrush({ size: values.size, brightness: Math.round(2.55 * values.light) });
    this.#render();
  }

  /** Start a stroke on the transformed image, and reset the sliders. */
  #beginStroke() {
    this.strokes = [...this.strokes, this.base].slice(-MAX_UNDO);
    this.base = this.displayed.slice();
    this.displayed = this.base;
    this.transform = NO_TRANSFORM;
    return this.base;
  }

  #undo() {
    const previous = this.strokes.pop();
    if (previous) this.#replaceImage(previous);
  }

  #reset() {
    this.strokes = [];
    this.#replaceImage(this.original);
  }

  /** Replace the pixels; undo restores the previous ones. @param {Uint8Array} pixels */
  #editPixels(pixels) {
    this.#beginStroke();
    this.#replaceImage(pixels);
    const { stage } = this.paintCanvas.cursor;
    stage.focus({ preventScroll: true });
    stage.scrollIntoView({ block: "nearest" });
  }

  /** Replace the painted image, and reset the transform. @param {Uint8Array} pixels */
  #replaceImage(pixels) {
    this.base = pixels;
    this.#showImage(pixels);
    this.#setTransform(NO_TRANSFORM);
  }

  /** @param {Uint8Array} pixels */
  #showImage(pixels) {
    if (!this.explanation) return;
    this.displayed = pixels;
    this.paintCanvas.show(pixels, this.explanation.shape);
  }

  /** Show the prediction for the current edits. */
  #predict() {
    const { explanation, base } = this;
    if (!explanation) return;
    const transform = transformOf(this.transform);
    const transformed = !isNeutral(transform);
    if (!transformed && this.displayed !== base) this.#showImage(base);
    if (!transformed && base === this.original) {
      this.requests.cancel();
      this.#showPrediction(explanation, true);
      return;
    }
    this.requests.send({
      body: editBody(explanation, base === this.original ? null : base, transform),
      onResult: (result, isLatest) => {
        if (transformed && base === this.base) this.#showImage(decodeBytes(result.pixels));
        this.#showPrediction(result, isLatest);
      },
    });
    this.#render();
  }

  /** @param {Prediction} prediction @param {boolean} isLatest false while a newer edit waits for its prediction */
  #showPrediction(prediction, isLatest) {
    if (!this.explanation) return;
    const { predicted_label: label, probabilities } = prediction;
    this.prediction = prediction;
    this.problem = "";
    const outcome = label === this.explanation.true_label ? "correct" : "misclassified";
    if (isLatest)
      this.announcement = `Now predicted as ${this.classNames[label]}, ${outcome}, ${probability(probabilities[label])}`;
    this.#render();
  }

  #render() {
    const { explanation, prediction } = this;
    if (!explanation || !prediction) return;
    const { predicted_label: predictedLabel, sums: logits, probabilities } = prediction;
    const { true_label: trueLabel, probabilities: before } = explanation;
    const outputs = outputRows(this.classNames, { probabilities, logits, trueLabel, predictedLabel, before });
    const describe = (/** @type {Prediction} */ { predicted_label: label, probabilities }) =>
      describeOutcome(label, trueLabel, probabilities[label], this.classNames);
    const { displayed, original } = this;
    const { stage, readout } = this.paintCanvas.cursor;
    render(
      html`
        <div class="what-if-paint vstack gap-2">
          <h3>Paint</h3>
          ${stage} ${readout}
          <div class="sliders">${slidersTemplate(BRUSH, this.brush, (values) => this.#setBrush(values))}</div>
          <div class="hstack flex-wrap gap-2">
            <button class="btn btn-outline-secondary btn-sm" data-part="undo-stroke" type="button" aria-disabled=${this.strokes.length === 0} @click=${() => this.#undo()}>Undo stroke</button>
            <button class="btn btn-outline-secondary btn-sm" data-part="reset-image" type="button" aria-disabled=${displayed === original} @click=${() => this.#reset()}>Reset</button>
          </div>
        </div>
        <div class="what-if-prediction vstack gap-2">
          <p class="mb-0 fs-5">
            <span class="text-body-secondary">Original image: ${describe(explanation)}. Changed image:</span>
            <strong class=${predictedLabel === trueLabel ? "text-success-emphasis" : "text-danger-emphasis"} data-part="what-if-now">${describe(prediction)}</strong>
          </p>
          <ol class="output-list" aria-label="Outputs for the changed image" data-part="what-if-outputs">${outputs}</ol>
          <p class="visually-hidden" data-part="what-if-live" aria-live="polite">${this.announcement}</p>
          <p class="mb-0 small text-body-secondary num" data-part="what-if-size">${describeChange(displayed, original)}</p>
          <fieldset>
            <legend class="mb-1"><h3>Transform</h3></legend>
            <div class="sliders">${slidersTemplate(TRANSFORM, this.transform, (values) => this.#setTransform(values))}</div>
          </fieldset>
          ${this.problem ? html`<p class="alert alert-danger mb-0 small" role="alert">${this.problem}</p>` : nothing}
        </div>`,
      this.root,
    );
  }
}
