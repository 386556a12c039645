/** Sliders that shift, rotate, thicken and blur an image. */

import { setAttribute, setText } from "../core/dom.js";
import { plain } from "../core/signed_numbers.js";

/** @typedef {import("../../../types/api.js").ImageTransform} ImageTransform */

/** Functions that format the slider values with their units. @type {Record<string, (value: number) => string>} */
const FORMATS = {
  right: (value) => `${plain(value, 0)} px`,
  down: (value) => `${plain(value, 0)} px`,
  rotation: (value) => `${plain(value, 0)}°`,
  thickness: (value) => `${plain(value, 2)} px`,
  blur: (value) => `${plain(value, 1)} px`,
  size: (value) => `${value} px`,
  light: (value) => `${value}%`,
};

/** Group of sliders, with the formatted value beside each. */
export class TransformSliders {
  /**
   * @param {HTMLElement} container
   * @param {() => void} onInput
   */
  constructor(container, onInput) {
    /** @type {Map<string, HTMLInputElement>} */
    this.inputs = new Map();
    for (const input of container.querySelectorAll("input")) this.inputs.set(input.dataset.slider ?? "", input);
    container.addEventListener("input", () => {
      this.#showValues();
      onInput();
    });
    this.#showValues();
  }

  /** Return the value of a slider. @param {string} name */
  value(name) {
    return this.inputs.get(name)?.valueAsNumber ?? 0;
  }

  /** Set some sliders. @param {Record<string, number>} values */
  setValues(values) {
    for (const [name, value] of Object.entries(values)) {
      const input = this.inputs.get(name);
      if (input) input.value = String(value);
    }
    this.#showValues();
  }

  #showValues() {
    for (const [name, input] of this.inputs) {
      const text = FORMATS[name](input.valueAsNumber);
      setAttribute(input, "aria-valuetext", text);
      const output = input.parentElement?.querySelector("[data-value-of]");
      if (output) setText(output, text);
    }
  }
}

/**
 * Return the transform that the sliders select.
 * @param {TransformSliders} sliders
 * @returns {ImageTransform}
 */
export function transformOf(sliders) {
  return {
    shift: [sliders.value("down"), sliders.value("right")],
    rotation: sliders.value("rotation"),
    thickness: sliders.value("thickness"),
    blur: sliders.value("blur"),
  };
}

/** Return true if a transform leaves every image unchanged. @param {ImageTransform} transform */
export function isNeutral({ shift, rotation, thickness, blur }) {
  return shift[0] === 0 && shift[1] === 0 && rotation === 0 && thickness === 0 && blur === 0;
}
