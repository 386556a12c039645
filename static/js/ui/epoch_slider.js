/**
 * Navigation through the epochs of a run: slider, number field, buttons, and a switch for following the latest epoch.
 */

import { count } from "../core/format.js";
import { html, live, render } from "../core/html.js";
import { readNumber } from "../core/number_text.js";
import { clamp } from "../core/numbers.js";
import { curvePoints, xOfEpoch } from "./epoch_curve.js";

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
   * @param {HTMLElement} parent contains the element that the macro `chooser` of parts/epoch_slider.html creates
   * @param {(epoch: number | null, kind: string) => void} onChoose null to follow the latest epoch
   */
  constructor(parent, onChoose) {
    this.root = /** @type {HTMLElement} */ (parent.querySelector('[data-part="epoch-slider"]'));
    this.onChoose = onChoose;
    /** @type {SliderState} */
    this.view = {
      series: { epochs: [], best: null, splits: { test: false } },
      curve: [],
      epoch: 1,
      following: true,
      live: false,
    };
    this.points = "";
    this.drawnEpochs = 0;
    /** Number field while it has the focus. @type {HTMLInputElement | null} */
    this.typing = null;
  }

  /** Number of completed epochs. */
  get count() {
    return this.view.series.epochs.length;
  }

  /** Choose the completed epoch that is nearest to `epoch`. @param {number} epoch */
  choose(epoch) {
    const chosen = clamp(Math.round(epoch) || this.view.epoch, 1, this.count);
    if (this.typing) this.typing.value = String(chosen);
    if (chosen !== this.view.epoch || this.view.following) this.onChoose(chosen, "epoch");
  }

  /** @param {SliderState} view */
  update(view) {
    this.view = view;
    const { series, curve, epoch, following } = view;
    const last = Math.max(1, this.count);
    const best = series.best?.epoch ?? null;
    if (this.drawnEpochs !== curve.length) this.points = curvePoints(curve);
    this.drawnEpochs = curve.length;
    const x = xOfEpoch(epoch, curve.length).toFixed(2);
    render(
      html`<div class="d-grid">
          <svg class="epoch-curve" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <polygon points=${curve.length > 1 ? `0,28 ${this.points} 100,28` : ""}></polygon>
            <polyline points=${this.points}></polyline>
            <line x1=${x} x2=${x} y1="0" y2="28"></line>
          </svg>
          <input class="epoch-slider" data-part="slider" type="range" min="1" max=${last} step="1" aria-label="Epoch"
            aria-valuetext="epoch ${count(epoch)} of ${count(last)}" .value=${live(String(epoch))}
            @input=${this.#chooseSlid} />
        </div>
        <div class="hstack flex-wrap gap-2">
          ${this.#step("‹", "Previous epoch", epoch - 1)}
          <label class="hstack gap-2">Epoch
            <input class="epoch-number form-control form-control-sm num" data-part="number" type="number" min="1"
              max=${last} step="1" inputmode="numeric" .value=${live(this.typing?.value ?? String(epoch))}
              @focus=${this.#startTyping} @blur=${this.#stopTyping}
              @change=${this.#chooseTyped} />
          </label>
          <span class="num text-body-secondary" data-part="count">of ${count(last)}</span>
          ${this.#step("›", "Next epoch", epoch + 1)}
          ${series.splits.test ? this.#best(best) : "" /* a table has no validation split, so no best epoch */}
          <button class="btn btn-outline-secondary btn-sm" type="button" aria-pressed=${epoch === last}
            @click=${() => this.choose(last)}>Last</button>
          <label class="form-check epoch-follow mb-0" ?hidden=${!view.live}>
            <input class="form-check-input" type="checkbox" .checked=${live(following)} @change=${this.#follow} />
            Follow the latest epoch
          </label>
        </div>`,
      this.root,
    );
  }

  /**
   * Template of a button that leads to a neighboring epoch.
   * @param {string} text
   * @param {string} label
   * @param {number} epoch
   */
  #step(text, label, epoch) {
    return html`<button class="btn btn-outline-secondary btn-sm" type="button" aria-label=${label}
      aria-disabled=${epoch < 1 || epoch > this.count} @click=${() => this.choose(epoch)}>${text}</button>`;
  }

  /** Template of the button that leads to the best epoch. @param {number | null} best */
  #best(best) {
    const title =
      best === null
        ? "No best epoch without a validation split"
        : "Epoch with the highest validation accuracy (test set not used)";
    return html`<button class="btn btn-outline-secondary btn-sm num" type="button" title=${title}
      ?disabled=${best === null} aria-pressed=${best === this.view.epoch}
      @click=${() => this.choose(best ?? this.view.epoch)}>Best${best === null ? "" : `: ${count(best)}`}</button>`;
  }

  #chooseSlid = (/** @type {Event} */ { target }) => {
    this.onChoose(/** @type {HTMLInputElement} */ (target).valueAsNumber, "epoch");
  };

  /** Choose the typed epoch. If the text can mean two numbers, as 1.000 can, the field shows the current epoch again. */
  #chooseTyped = (/** @type {Event} */ { target }) => {
    this.choose(readNumber(/** @type {HTMLInputElement} */ (target).value, { whole: true }).number ?? this.view.epoch);
  };

  #startTyping = (/** @type {Event} */ { target }) => {
    this.typing = /** @type {HTMLInputElement} */ (target);
  };

  #stopTyping = () => {
    this.typing = null;
    this.update(this.view);
  };

  #follow = (/** @type {Event} */ { target }) => {
    this.onChoose(/** @type {HTMLInputElement} */ (target).checked ? null : this.view.epoch, "");
  };
}
