/** TransformSliders that move, turn, thicken and blur an image. */

import { setAttribute, setText } from "../core/dom.js";
import { plain } from "../core/signed_numbers.js";

/** @typedef {import("../../../types/messages.js").Variation} Variation */

/** What each slider's number is a number of. @type {Record<string, (value: number) => string>} */
const UNITS = {
  right: (value) => `${plain(value, 0)} px`,
  down: (value) => `${plain(value, 0)} px`,
  rotation: (value) => `${plain(value, 0)}°`,
  thickness: (value) => `${plain(value, 2)} px`,
  blur: (value) => `${plain(value, 1)} px`,
  size: (value) => `${value} px`,
  light: (value) => `${value}%`,
};

/** Some sliders in one block, each with its value in words beside it. */
export class TransformSliders {
  /**
   * @param {HTMLElement} block
   * @param {() => void} onInput
   */
  constructor(block, onInput) {
    /** @type {Map<string, HTMLInputElement>} */
    this.inputs = new Map();
    for (const input of block.querySelectorAll("input")) this.inputs.set(input.dataset.slider ?? "", input);
    block.addEventListener("input", () => {
      this.#tell();
      onInput();
    });
    this.#tell();
  }

  /** @param {string} name */
  value(name) {
    return this.inputs.get(name)?.valueAsNumber ?? 0;
  }

  /** @param {Record<string, number>} values */
  set(values) {
    for (const [name, value] of Object.entries(values)) {
      const input = this.inputs.get(name);
      if (input) input.value = String(value);
    }
    this.#tell();
  }

  #tell() {
    for (const [name, input] of this.inputs) {
      const words = UNITS[name](input.valueAsNumber);
      setAttribute(input, "aria-valuetext", words);
      const shown = input.parentElement?.querySelector("[data-value-of]");
      if (shown) setText(shown, words);
    }
  }
}

/**
 * What the sliders do to the image.
 * @param {TransformSliders} sliders
 * @returns {Variation}
 */
export function transformOf(sliders) {
  return {
    shift: [sliders.value("down"), sliders.value("right")],
    rotation: sliders.value("rotation"),
    thickness: sliders.value("thickness"),
    blur: sliders.value("blur"),
  };
}

/** @param {Variation} variation */
export function isNeutral({ shift, rotation, thickness, blur }) {
  return shift[0] === 0 && shift[1] === 0 && rotation === 0 && thickness === 0 && blur === 0;
}
