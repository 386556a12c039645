/** Sliders that shift, rotate, thicken and blur an image, and the sliders of the brush. */
import { html, live } from "../core/html.js";
import { plain } from "../core/signed_numbers.js";

/**
 * @import {ImageTransform} from "../../../types/api.js"
 * @typedef {Record<string, number>} SliderValues values of sliders by name
 *
 * @typedef {object} Slider
 * @property {string} name
 * @property {string} title
 * @property {[low: number, high: number, step: number]} range
 * @property {(value: number) => string} format returns the value with its unit
 */

/** @type {Slider[]} */
export const TRANSFORM = [
  { name: "right", title: "Right", range: [-4, 4, 1], format: (value) => `${plain(value, 0)} px` },
  { name: "down", title: "Down", range: [-4, 4, 1], format: (value) => `${plain(value, 0)} px` },
  { name: "rotation", title: "Rotation", range: [-45, 45, 1], format: (value) => `${plain(value, 0)}°` },
  { name: "thickness", title: "Thickness", range: [-2, 2, 0.25], format: (value) => `${plain(value, 2)} px` },
  { name: "blur", title: "Blur", range: [0, 2, 0.1], format: (value) => `${plain(value, 1)} px` },
];

/** @type {Slider[]} */
export const BRUSH = [
  { name: "size", title: "Brush", range: [1, 5, 1], format: (value) => `${value} px` },
  { name: "light", title: "Brightness", range: [0, 100, 5], format: (value) => `${value}%` },
];

/** Values that leave every image unchanged. @type {SliderValues} */
export const NO_TRANSFORM = Object.fromEntries(TRANSFORM.map(({ name }) => [name, 0]));

/**
 * Return a template of sliders, with the formatted value above each.
 * @param {Slider[]} sliders
 * @param {SliderValues} values
 * @param {(values: SliderValues) => void} onInput called with all values
 */
export function slidersTemplate(sliders, values, onInput) {
  return sliders.map(({ name, title, range: [low, high, step], format }) => {
    const text = format(values[name]);
    const change = (/** @type {Event & {target: HTMLInputElement}} */ { target }) =>
      onInput({ ...values, [name]: target.valueAsNumber });
    return html`
      <label class="small">
        <span class="d-flex justify-content-between gap-2">${title} <span class="num text-body-secondary" aria-hidden="true">${text}</span></span>
        <input class="form-range" type="range" min=${low} max=${high} step=${step} .value=${live(String(values[name]))} aria-valuetext=${text} @input=${change}>
      </label>`;
  });
}

/** Return the transform that sliders select. @param {SliderValues} values @returns {ImageTransform} */
export function transformOf({ down, right, rotation, thickness, blur }) {
  return { shift: [down, right], rotation, thickness, blur };
}

/** Return true if a transform leaves every image unchanged. @param {ImageTransform} transform */
export function isNeutral({ shift, rotation, thickness, blur }) {
  return [...shift, rotation, thickness, blur].every((value) => value === 0);
}
