/** Logit gap as a table of contributions with bars: largest units, other units, biases, and the total. */
import { element } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { digitsFor, plain, signed } from "../core/signed_numbers.js";
import { decodeLevels, drawSigned } from "../images/pixels.js";
import { nextPosition } from "../ui/arrow_keys.js";
import { describeDifference, describeProof, describeUnit, explainUnit, formatFactors, termsOf } from "./gap_numbers.js";
import { signedBar } from "./output_bars.js";
import { scaleToFullRange, unitMagnifier } from "./unit_magnifier.js";

/**
 * @import {Explanation, LogitGap, UnitContribution} from "../../../types/api.js"
 * @typedef {{names: import("./gap_numbers.js").ClassPair, digits: number, largest: number}} Scale
 *   `digits`: digits after the decimal point; `largest`: absolute value whose bar fills half of its track
 */

const KEYS = { back: ["ArrowUp"], forward: ["ArrowDown"] };

export class LogitGapBars {
  /** @param {{root: HTMLElement, proof: HTMLElement, classNames: string[]}} options */
  constructor({ root, proof, classNames }) {
    this.root = root;
    this.proof = proof;
    this.classNames = classNames;
    this.magnifier = element("canvas", { className: "pixelated", role: "img" });
    /** Heat map of each row. @type {HTMLCanvasElement[]} */
    this.canvases = [];
    /** @type {Explanation | null} */
    this.explanation = null;
    /** Position of the magnified unit. */
    this.current = 0;
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    const { gap, shape } = explanation;
    this.explanation = explanation;
    const focused = this.root.contains(document.activeElement); // a focused unit stays magnified
    this.current = focused ? Math.min(this.current, gap.units.length - 1) : 0;
    while (this.canvases.length < gap.units.length) this.canvases.push(element("canvas", {}));
    gap.units.forEach(({ levels }, position) => {
      drawSigned(this.canvases[position], scaleToFullRange(decodeLevels(levels)), shape);
    });
    this.#draw(explanation);
  }

  /** @param {Explanation} explanation */
  #draw(explanation) {
    const { gap, predicted_label, rival_label } = explanation;
    const names = { predicted: this.classNames[predicted_label], rival: this.classNames[rival_label] };
    const digits = digitsFor(gap.value);
    const largest = Math.max(...[...termsOf(gap), gap.value].map(Math.abs));
    const magnified = gap.units[this.current];
    const body = () => html`<div class="gap-body" data-part="gap-body">
      ${unitMagnifier(this.magnifier, magnified, explanation, explainUnit(magnified, gap.pictures, names, digits))}
      ${this.#drawTable(gap, { names, digits, largest })}
    </div>`;
    render(
      html`<div class="d-flex flex-wrap align-items-baseline column-gap-3">
          <p class="fs-4 fw-semibold lh-sm" data-part="gap-sentence">
            ${names.predicted} leads ${names.rival} by ${plain(gap.value, digits)}
          </p>
          <p class="text-body-secondary" data-part="gap-lead">${describeDifference(explanation)}</p>
        </div>
        ${magnified ? body() : nothing}`,
      this.root,
    );
    this.proof.textContent = describeProof(gap);
  }

  /** @param {LogitGap} gap @param {Scale} scale */
  #drawTable(gap, { names, digits, largest }) {
    const others = gap.n_units - gap.units.length;
    const term = (/** @type {string} */ name, /** @type {number} */ value) => html`<tr>
      <th class="py-0 fw-normal text-nowrap" colspan="2" scope="row">${name}</th>
      <td class="py-0">${signedBar(value, largest)}</td>
      <td class="py-0 gap-factors"></td>
      <td class="py-0 num fw-semibold">${signed(value, digits)}</td>
    </tr>`;
    return html`<table class="table table-sm table-borderless align-middle gap-table">
      <caption class="visually-hidden">Contribution of each hidden unit, the largest first</caption>
      <thead>
        <tr>
          <th class="py-0" scope="col" colspan="2">unit</th>
          <th class="py-0 w-100" scope="col">
            <span class="d-flex flex-wrap justify-content-between column-gap-2">
              <span>← toward ${names.rival}</span><span>toward ${names.predicted} →</span>
            </span>
          </th>
          <th class="py-0 num text-nowrap gap-factors" scope="col">activation × weight difference</th>
          <th class="py-0 num" scope="col">contribution</th>
        </tr>
      </thead>
      <tbody data-part="gap-units">
        ${gap.units.map((unit, position) => this.#drawUnit(unit, position, { names, digits, largest }))}
      </tbody>
      <tfoot data-part="gap-rest">
        ${others ? term(counted(others, "other unit"), gap.other_units) : nothing}
        ${term("biases", gap.biases)} ${term("logit gap", gap.value)}
      </tfoot>
    </table>`;
  }

  /** @param {UnitContribution} unit @param {number} position @param {Scale} scale */
  #drawUnit(unit, position, { names, digits, largest }) {
    const current = position === this.current;
    const magnify = () => this.#magnify(position);
    const factors = formatFactors(unit);
    return html`<tr class=${current ? "table-active" : ""} @mouseenter=${magnify} @click=${magnify}>
      <td class="py-0 gap-image">${this.canvases[position]}</td>
      <th class="py-0 text-nowrap" scope="row">
        <button type="button" class=${current ? "gap-unit fw-semibold" : "gap-unit"} tabindex=${current ? 0 : -1}
          aria-current=${current || nothing} aria-label=${describeUnit(unit, names, digits)} @focus=${magnify}
          @keydown=${(/** @type {KeyboardEvent} */ event) => this.#handleKey(event, position)}
        >unit ${unit.unit}</button>
        <span class="text-body-secondary num gap-factors-below">${factors}</span>
      </th>
      <td class="py-0">${signedBar(unit.contribution, largest)}</td>
      <td class="py-0 num text-nowrap text-body-secondary gap-factors">${factors}</td>
      <td class="py-0 num fw-semibold">${signed(unit.contribution, digits)}</td>
    </tr>`;
  }

  /** Show the enlarged heat map of a unit. @param {number} position */
  #magnify(position) {
    if (position === this.current || !this.explanation) return;
    this.current = position;
    this.#draw(this.explanation);
  }

  /**
   * Move the focus to another unit.
   * @param {KeyboardEvent} event
   * @param {number} position position of the focused unit
   */
  #handleKey(event, position) {
    const next = nextPosition(event, position, (this.explanation?.gap.units.length ?? 1) - 1, KEYS);
    if (next === null) return;
    event.preventDefault();
    this.root.querySelectorAll("button")[next].focus();
  }
}
