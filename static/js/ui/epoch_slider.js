/**
 * Navigation through the epochs of a run: slider, number field, buttons, and a switch for following the latest epoch.
 */

import { setAttribute, setText } from "../core/dom.js";

/**
 * @typedef {object} Epochs completed epochs of a run
 * @property {unknown[]} epochs
 * @property {{epoch: number} | null} best
 * @property {{test: boolean}} splits evaluated splits
 *
 * @typedef {object} SliderState
 * @property {Epochs} series
 * @property {readonly (number | null)[]} curve metric of each epoch, drawn behind the slider
 * @property {number} epoch epoch that the page shows
 * @property {boolean} following true if the page always shows the latest epoch
 * @property {boolean} live true if the run can complete more epochs
 */

export class EpochSlider {
  /**
   * @param {HTMLElement} parent contains the controls
   * @param {(epoch: number | null, kind: string) => void} onChoose null to follow the latest epoch
   */
  constructor(parent, onChoose) {
    /** @type {SliderState} */
    this.view = {
      series: { epochs: [], best: null, splits: { test: false } },
      curve: [],
      epoch: 1,
      following: true,
      live: false,
    };
    this.drawnEpochs = 0;
    this.onChoose = onChoose;
    /** @param {string} name @returns {any} */
    const part = (name) => parent.querySelector(`[data-part="${name}"]`);
    /** @type {HTMLInputElement} */
    this.slider = part("slider");
    /** @type {HTMLInputElement} */
    this.number = part("number");
    /** @type {HTMLElement} */
    this.total = part("count");
    /** @type {HTMLInputElement} */
    this.follow = part("follow");
    /** @type {SVGSVGElement} */
    this.curve = part("curve");
    /** @type {HTMLButtonElement} */
    this.best = part("best");
    /** @type {HTMLButtonElement} */
    this.last = part("last");
    /** @type {HTMLButtonElement[]} */
    this.steps = [part("previous"), part("next")];
    this.slider.addEventListener("input", () => onChoose(this.slider.valueAsNumber, "epoch"));
    this.number.addEventListener("change", () => this.choose(this.number.valueAsNumber));
    this.steps.forEach((button, index) => {
      button.addEventListener("click", () => this.choose(this.view.epoch + (index ? 1 : -1)));
    });
    this.best.addEventListener("click", () => this.choose(this.view.series.best?.epoch ?? this.view.epoch));
    this.last.addEventListener("click", () => this.choose(this.count));
    this.follow.addEventListener("change", () => onChoose(this.follow.checked ? null : this.view.epoch, ""));
  }

  /** Number of completed epochs. */
  get count() {
    return this.view.series.epochs.length;
  }

  /** Choose the completed epoch that is nearest to `epoch`. @param {number} epoch */
  choose(epoch) {
    const chosen = Math.min(Math.max(Math.round(epoch) || this.view.epoch, 1), this.count);
    this.number.value = String(chosen);
    if (chosen !== this.view.epoch || this.view.following) this.onChoose(chosen, "epoch");
  }

  /** @param {SliderState} view */
  update(view) {
    this.view = view;
    const { series, curve, epoch, following, live } = view;
    const last = this.count;
    const best = series.best?.epoch ?? null;
    setAttribute(this.slider, "max", String(Math.max(1, last)));
    setAttribute(this.number, "max", String(Math.max(1, last)));
    this.slider.value = String(epoch);
    setAttribute(this.slider, "aria-valuetext", `epoch ${epoch} of ${last}`);
    if (document.activeElement !== this.number) this.number.value = String(epoch);
    setText(this.total, `of ${last}`);
    setText(this.best, best === null ? "Best" : `Best: ${best}`);
    setAttribute(
      this.best,
      "title",
      best === null
        ? "No best epoch without a validation split"
        : "Epoch with the highest validation accuracy (test set not used)",
    );
    this.best.disabled = best === null;
    this.best.hidden = !series.splits.test; // a table has no validation split and therefore no best epoch
    setAttribute(this.best, "aria-pressed", String(best === epoch));
    setAttribute(this.last, "aria-pressed", String(epoch === last));
    setAttribute(this.steps[0], "aria-disabled", String(epoch <= 1));
    setAttribute(this.steps[1], "aria-disabled", String(epoch >= last));
    this.follow.checked = following;
    const label = this.follow.closest("label");
    if (label) label.hidden = !live;
    this.#draw(curve, epoch);
  }

  /**
   * Draw the curve behind the slider, and mark an epoch on it.
   * @param {readonly (number | null)[]} curve
   * @param {number} epoch
   */
  #draw(curve, epoch) {
    const xOf = (/** @type {number} */ number) => (curve.length > 1 ? (100 * (number - 1)) / (curve.length - 1) : 50);
    if (this.drawnEpochs !== curve.length) {
      this.drawnEpochs = curve.length;
      const values = curve.map((value) => value ?? 0);
      const low = Math.min(...values);
      const span = Math.max(...values) - low || 1;
      const points = values.map(
        (value, index) => `${xOf(index + 1).toFixed(2)},${(26 - (22 * (value - low)) / span).toFixed(2)}`,
      );
      this.curve.querySelector("polyline")?.setAttribute("points", points.join(" "));
      this.curve
        .querySelector("polygon")
        ?.setAttribute("points", points.length > 1 ? `0,28 ${points.join(" ")} 100,28` : "");
    }
    const marker = this.curve.querySelector("line");
    marker?.setAttribute("x1", xOf(epoch).toFixed(2));
    marker?.setAttribute("x2", xOf(epoch).toFixed(2));
  }
}
