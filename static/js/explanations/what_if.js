/** What if the image were another? Painted on or moved, it is read anew at once, and its outputs stand beside it. */
import { partOf, setAttribute, setText } from "../core/dom.js";
import { share } from "../core/format.js";
import { changeInWords } from "../core/signed_numbers.js";
import { PaintCanvas } from "../images/paint_canvas.js";
import { base64Of, bytesOf } from "../images/pixels.js";
import { CounterfactualPanel } from "./counterfactual.js";
import { OutputBars } from "./output_bars.js";
import { isNeutral, TransformSliders, transformOf } from "./transform_sliders.js";
import { WhatIfRequests } from "./what_if_requests.js";

/**
 * @typedef {import("../../../types/messages.js").Explanation} Explanation
 * @typedef {{predicted_label: number, sums: number[], probabilities: number[]}} Reading
 * @typedef {{body: object, base: Uint8Array, varied: boolean}} Question
 */

const STROKES = 50; // that can be undone
const UNMOVED = { right: 0, down: 0, rotation: 0, thickness: 0, blur: 0 };

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
    /** The image as painted, before the sliders. @type {Uint8Array} */
    this.base = this.original;
    /** The image that is seen. @type {Uint8Array} */
    this.seen = this.original;
    /** @type {Uint8Array[]} */
    this.strokes = [];
    this.outputs = new OutputBars(this.#part("studio-outputs"), classNames);
    this.board = new PaintCanvas(panel, { begin: () => this.#beginStroke(), onPaint: () => this.#ask() });
    this.sliders = new TransformSliders(this.#part("studio-sliders"), () => this.#ask());
    this.brush = new TransformSliders(/** @type {HTMLElement} */ (panel.querySelector(".studio-brush")), () =>
      this.#takeBrush(),
    );
    this.repair = new CounterfactualPanel(panel, { runId, classNames, onGoOn: (pixels) => this.#take(pixels) });
    /** @type {WhatIfRequests<Question>} */
    this.probe = new WhatIfRequests(`/api/runs/${runId}/probe`, {
      onAnswer: (answer, question, settled) => {
        if (question.varied && question.base === this.base) this.#see(bytesOf(answer.pixels));
        this.#tell(answer, settled);
      },
      onError: (error) => this.#complain(error),
    });
    this.#part("undo-stroke").addEventListener("click", () => this.#undo());
    this.#part("reset-image").addEventListener("click", () => this.#reset());
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this.panel, name);
  }

  /**
   * Begin with this image, or, if it is the one that is being changed, look at it with the weights of another epoch.
   * @param {Explanation} explanation
   */
  update(explanation) {
    const same = this.explanation?.index === explanation.index;
    this.explanation = explanation;
    this.repair.update(explanation);
    const { predicted_label: label, true_label: truth, probabilities } = explanation;
    const before = `${label === truth ? "✓" : "✗"} ${this.classNames[label]}, ${share(probabilities[label])}`;
    setText(this.#part("studio-before"), `The image itself: ${before}. Now:`);
    if (same) {
      this.#ask();
      return;
    }
    this.original = bytesOf(explanation.pixels);
    this.brush.set({ size: explanation.shape[1] > 12 ? 2 : 1, light: 100 });
    this.#takeBrush();
    this.#reset();
  }

  /**
   * Move the image by whole pixels.
   * @param {number} down
   * @param {number} right
   */
  shift(down, right) {
    this.#reset();
    this.sliders.set({ down, right });
    this.#ask();
  }

  #takeBrush() {
    this.board.take({ size: this.brush.value("size"), light: Math.round(2.55 * this.brush.value("light")) });
  }

  /** What the sliders made of the image is painted on, and they begin at 0 again. */
  #beginStroke() {
    this.strokes.push(this.base);
    if (this.strokes.length > STROKES) this.strokes.shift();
    this.base = this.seen.slice();
    this.sliders.set(UNMOVED);
    this.seen = this.base;
    return this.base;
  }

  #undo() {
    const before = this.strokes.pop();
    if (!before) return;
    this.base = before;
    this.sliders.set(UNMOVED);
    this.#see(before);
    this.#ask();
  }

  #reset() {
    this.strokes = [];
    this.base = this.original;
    this.sliders.set(UNMOVED);
    this.#see(this.original);
    this.#ask();
  }

  /** Go on from other pixels, which can be undone. @param {Uint8Array} pixels */
  #take(pixels) {
    this.#beginStroke();
    this.base = pixels;
    this.#see(pixels);
    this.#ask();
    this.board.stage.focus({ preventScroll: true });
    this.board.stage.scrollIntoView({ block: "nearest" });
  }

  /** @param {Uint8Array} pixels */
  #see(pixels) {
    if (!this.explanation) return;
    this.seen = pixels;
    this.board.show(pixels, this.explanation.shape);
    this.#measure();
  }

  #ask() {
    if (!this.explanation) return;
    const variation = transformOf(this.sliders);
    const varied = !isNeutral(variation);
    const painted = this.base !== this.original;
    if (!varied && this.seen !== this.base) this.#see(this.base);
    this.#measure();
    if (!varied && !painted) {
      this.probe.forget();
      this.#tell(this.explanation, true);
      return;
    }
    const { index, epoch } = this.explanation;
    const body = { index, epoch, ...(painted && { pixels: base64Of(this.base) }), ...(varied && variation) };
    this.probe.ask({ body, base: this.base, varied });
  }

  /** How far the image is from what it was. */
  #measure() {
    const { seen, original } = this;
    const square = seen.reduce((sum, pixel, place) => sum + ((pixel - original[place]) / 255) ** 2, 0);
    setAttribute(this.#part("undo-stroke"), "aria-disabled", String(this.strokes.length === 0));
    setAttribute(this.#part("reset-image"), "aria-disabled", String(square === 0));
    setText(
      this.#part("studio-size"),
      square === 0
        ? "The thin line in each bar marks the output for the image itself."
        : `Size of the change: ${changeInWords(Math.sqrt(square))}.`,
    );
  }

  /**
   * @param {Reading} reading
   * @param {boolean} settled
   */
  #tell({ predicted_label: label, sums, probabilities }, settled) {
    if (!this.explanation) return;
    const { true_label: trueLabel, probabilities: before } = this.explanation;
    this.outputs.update({ probabilities, sums, trueLabel, predictedLabel: label, before });
    const right = label === trueLabel;
    const now = this.#part("studio-now");
    setText(now, `${right ? "✓" : "✗"} ${this.classNames[label]}, ${share(probabilities[label])}`);
    setAttribute(now, "class", right ? "right" : "wrong");
    this.#part("studio-problem").hidden = true;
    if (!settled) return;
    setText(
      this.#part("studio-live"),
      `Now read as ${this.classNames[label]}, ${right ? "right" : "wrong"}, ${share(probabilities[label])}`,
    );
  }

  /** @param {unknown} error */
  #complain(error) {
    const problem = this.#part("studio-problem");
    setText(problem, error instanceof Error ? error.message : String(error));
    problem.hidden = false;
  }
}
