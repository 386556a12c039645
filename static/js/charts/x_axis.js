/**
 * X-axes of charts: epochs, gradient evaluations or seconds. A mini-batch method evaluates many gradients per epoch and
 * a full-batch method only a few. A comparison is therefore fair only over gradient evaluations or seconds.
 */

import { element } from "../core/dom.js";
import { html, live, render } from "../core/html.js";

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

export class XAxisChoice {
  /** @param {(xAxis: XAxis) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.element = element("label", { className: "hstack gap-2" });
    this.choose(X_AXES[0]);
  }

  /** @param {XAxis} xAxis */
  choose(xAxis) {
    const option = (/** @type {XAxis} */ value) =>
      html`<option value=${value} .selected=${live(value === xAxis)}>${AXES[value].choice}</option>`;
    const onChange = (/** @type {{target: HTMLSelectElement}} */ { target }) =>
      this.onChoose(/** @type {XAxis} */ (target.value));
    render(
      html`Over <select class="form-select form-select-sm w-auto" @change=${onChange}>${X_AXES.map(option)}</select>`,
      this.element,
    );
  }
}
