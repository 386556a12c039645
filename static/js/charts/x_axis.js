/**
 * X-axes of charts: epochs, gradient evaluations or seconds. A mini-batch method evaluates many gradients per epoch and
 * a full-batch method only a few. A comparison is therefore fair only over gradient evaluations or seconds.
 */

import { element } from "../core/dom.js";

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
    const options = X_AXES.map((value) => element("option", { value }, AXES[value].choice));
    this.select = element("select", { className: "form-select form-select-sm" }, ...options);
    this.select.addEventListener("change", () => onChoose(/** @type {XAxis} */ (this.select.value)));
    this.element = element("label", { className: "chart-x-axis" }, "Over", this.select);
  }

  /** @param {XAxis} xAxis */
  choose(xAxis) {
    this.select.value = xAxis;
  }
}
