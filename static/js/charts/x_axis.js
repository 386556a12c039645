/**
 * X-axes of charts: epochs, gradient evaluations or seconds. A mini-batch method evaluates many gradients per epoch and
 * a full-batch method only a few. A comparison is therefore fair only over gradient evaluations or seconds.
 */

import { html } from "../core/html.js";
import { selectOptions } from "../ui/choices.js";

/** All x-axes; the first is the default. */
export const X_AXES = /** @type {const} */ (["epochs", "evaluations", "seconds"]);

/** @typedef {typeof X_AXES[number]} XAxis */

/**
 * @typedef {object} AxisText
 * @property {string} choice name in the menu
 * @property {string} title title of the axis
 * @property {string} hoverformat plotly.js format of the position under the pointer
 * @property {string} hovertitle plotly.js template of the hover title
 */

/** @type {Record<XAxis, AxisText>} */
export const AXES = {
  epochs: { choice: "epochs", title: "Epoch", hoverformat: ",d", hovertitle: "Epoch %{x}" },
  evaluations: {
    choice: "gradient evaluations",
    title: "Gradient evaluations",
    hoverformat: ",d",
    hovertitle: "%{x} gradient evaluations",
  },
  seconds: { choice: "seconds", title: "Seconds", hoverformat: ",.2f", hovertitle: "%{x} s" },
};

/** Return the select of an x-axis. @param {XAxis} selected @param {(xAxis: XAxis) => void} onChoose */
export function xAxisSelect(selected, onChoose) {
  const onChange = (/** @type {{target: HTMLSelectElement}} */ { target }) =>
    onChoose(/** @type {XAxis} */ (target.value));
  const choices = X_AXES.map((xAxis) => /** @type {const} */ ([xAxis, AXES[xAxis].choice]));
  return html`<label class="hstack gap-2">
    Over <select class="form-select form-select-sm w-auto" @change=${onChange}>${selectOptions(choices, selected)}</select>
  </label>`;
}
