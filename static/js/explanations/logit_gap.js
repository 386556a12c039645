/** Logit gap as a sum of contributions, drawn as bars: largest units, other units, biases, and the total. */
import { element, partOf, setAttribute, setChildren, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { digitsFor, errorSize, plain, signed } from "../core/signed_numbers.js";
import { decodeLevels, drawSigned } from "../images/pixels.js";
import { ContributionBar } from "./contribution_bar.js";
import { scaleToFullRange, UnitMagnifier } from "./unit_magnifier.js";

/**
 * @typedef {import("../../../types/api.js").Explanation} Explanation
 * @typedef {import("../../../types/api.js").UnitContribution} UnitContribution
 */

export class LogitGapBars {
  /**
   * @param {HTMLElement} panel
   * @param {string[]} classNames
   */
  constructor(panel, classNames) {
    this.panel = panel;
    this.classNames = classNames;
    this.magnifier = new UnitMagnifier(panel);
    /** @type {UnitBar[]} */
    this.units = [];
    this.others = new ContributionBar();
    this.biases = new ContributionBar();
    this.total = new ContributionBar();
    this.total.line.classList.add("gap-total");
    partOf(panel, "gap-rest").replaceChildren(this.others.line, this.biases.line, this.total.line);
    partOf(panel, "gap-units").addEventListener("keydown", (event) => this.#handleKey(event));
  }

  /** @param {Explanation} explanation */
  update(explanation) {
    const { gap, shape } = explanation;
    const names = this.#names(explanation);
    this.#describe(explanation, names);
    partOf(this.panel, "gap-body").hidden = gap.units.length === 0;
    if (gap.units.length === 0) return;

    const largest = Math.max(...this.#contributions(explanation).map(Math.abs), Math.abs(gap.value));
    const digits = digitsFor(gap.value);
    while (this.units.length < gap.units.length) this.units.push(this.#createUnitBar());
    const shown = this.units.slice(0, gap.units.length);
    setChildren(
      partOf(this.panel, "gap-units"),
      shown.map((bar) => bar.line),
    );
    shown.forEach((bar, position) => {
      bar.show(gap.units[position], { names, largest, digits, shape });
    });
    const others = gap.n_units - gap.units.length;
    this.others.line.hidden = others === 0;
    this.others.show(`${count(others)} other ${others === 1 ? "unit" : "units"}`, gap.other_units, { largest, digits });
    this.biases.show("biases", gap.biases, { largest, digits });
    this.total.show("logit gap", gap.value, { largest, digits });
    this.explanation = explanation;
    this.#magnify(shown.find((bar) => bar.line.contains(document.activeElement)) ?? shown[0]);
  }

  /** Return the names of the predicted class and its rival. @param {Explanation} explanation */
  #names({ predicted_label: predicted, rival_label: rival }) {
    return { predicted: this.classNames[predicted], rival: this.classNames[rival] };
  }

  /** Return all terms of the sum. @param {Explanation} explanation */
  #contributions({ gap }) {
    return [...gap.units.map((unit) => unit.contribution), gap.other_units, gap.biases];
  }

  /**
   * Describe the sum in words.
   * @param {Explanation} explanation
   * @param {{predicted: string, rival: string}} names
   */
  #describe({ gap, sums, predicted_label, rival_label, true_label }, names) {
    const digits = digitsFor(gap.value);
    const part = (/** @type {string} */ name) => partOf(this.panel, name);
    setText(part("gap-sentence"), `${names.predicted} leads ${names.rival} by ${plain(gap.value, digits)}`);
    const rivalName = predicted_label === true_label ? "the runner-up" : "the true class";
    const difference = `${plain(sums[predicted_label], digits)} − ${inParentheses(sums[rival_label], digits)}`;
    const contributions = gap.units.length
      ? `Contribution of each hidden unit to the lead over ${rivalName}:`
      : "The network has no hidden layer. The next tab shows the contribution of each pixel.";
    setText(
      part("gap-lead"),
      `Difference of the logits z: ${difference} = ${plain(gap.value, digits)}. ${contributions}`,
    );
    setText(part("gap-toward-rival"), `← toward ${names.rival}`);
    setText(part("gap-toward-predicted"), `toward ${names.predicted} →`);
    const total = signed(gap.value, digits);
    setText(
      part("gap-proof"),
      `✓ The contributions add up to the logit gap of ${total}, with an error of ${errorSize(gap.error)}.`,
    );
    part("gap-of-weights").hidden = gap.pictures !== "weights";
    part("gap-of-gradients").hidden = gap.pictures !== "gradients";
  }

  #createUnitBar() {
    const bar = new UnitBar();
    for (const event of ["mouseenter", "focus", "click"]) bar.button.addEventListener(event, () => this.#magnify(bar));
    return bar;
  }

  /** Show the enlarged heat map of a unit. @param {UnitBar} bar */
  #magnify(bar) {
    if (!this.explanation || !bar.unit) return;
    for (const other of this.units) {
      setAttribute(other.button, "aria-current", other === bar ? "true" : null);
      setAttribute(other.button, "tabindex", other === bar ? "0" : "-1");
    }
    this.magnifier.show(bar.unit, this.explanation, this.#names(this.explanation));
  }

  /** Move the focus up or down by one unit. @param {KeyboardEvent} event */
  #handleKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const position = this.units.findIndex((bar) => bar.button === document.activeElement);
    const next = this.units[position + step];
    if (next?.line.isConnected) next.button.focus();
  }
}

class UnitBar {
  constructor() {
    /** @type {UnitContribution | null} */
    this.unit = null;
    this.canvas = element("canvas", { className: "pixelated gap-image", ariaHidden: "true" });
    this.factors = element("span", { className: "sum-factors num text-body-secondary" });
    this.bar = new ContributionBar({ image: this.canvas, factors: this.factors });
    this.button = element("button", { type: "button", className: "gap-unit" });
    this.line = element("li", {}, this.button);
    this.button.append(this.bar.line);
  }

  /**
   * @param {UnitContribution} unit
   * @param {{names: {predicted: string, rival: string}, largest: number, digits: number, shape: [number, number]}} options
   */
  show(unit, { names, largest, digits, shape }) {
    this.unit = unit;
    drawSigned(this.canvas, scaleToFullRange(decodeLevels(unit.levels)), shape);
    const factors = `${plain(unit.activation)} × ${inParentheses(unit.weight_difference)}`;
    setText(this.factors, factors);
    this.bar.show(`unit ${unit.unit}`, unit.contribution, { largest, digits });
    const favoredClass = unit.contribution < 0 ? names.rival : names.predicted;
    setAttribute(
      this.button,
      "aria-label",
      `Unit ${unit.unit}: activation ${plain(unit.activation)} times weight difference ` +
        `${plain(unit.weight_difference)} is ${signed(unit.contribution, digits)}, toward ${favoredClass}`,
    );
  }
}

/**
 * Format a number that follows an operator: a negative number is put in parentheses.
 * @param {number} value
 * @param {number} [digits]
 */
function inParentheses(value, digits = 2) {
  return value < 0 ? `(${plain(value, digits)})` : plain(value, digits);
}
