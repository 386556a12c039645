/** Plot of a figure with plotly.js: it follows its size and the theme, and is one image to a screen reader. */

import { onThemeChange } from "../core/colors.js";
import { element } from "../core/dom.js";
import { plotlyTheme } from "./plotly_theme.js";
import { RedrawThrottle } from "./redraw_throttle.js";

/** @typedef {Pick<import("./figure.js").OutputFigure, "traces" | "layout">} Drawing */

const MARGIN = { l: 44, r: 12, t: 12, b: 36 };

export class FigurePlot {
  /** @param {HTMLElement} frame decides the size */
  constructor(frame) {
    this.frame = frame;
    /** @type {(() => Drawing) | null} */
    this.make = null;
    this.epoch = 0;
    this.plot = element("div", { className: "chart-plot", role: "img", ariaLabel: "Outputs of the network" });
    frame.replaceChildren(this.plot);
    this.pace = new RedrawThrottle((library) => this.#draw(library));
    onThemeChange(() => this.pace.soon(true));
    new ResizeObserver(() => this.pace.soon(true)).observe(frame);
  }

  /**
   * @param {() => Drawing} make in the colors of the theme that is present by then
   * @param {string} description for those who do not see it
   * @param {number} epoch
   */
  show(make, description, epoch) {
    this.make = make;
    this.epoch = epoch;
    this.plot.ariaLabel = description;
    this.pace.soon(true);
  }

  /** @param {typeof Plotly} library */
  async #draw(library) {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!this.make || width === 0) return;
    const { epoch } = this;
    const { traces, layout } = this.make();
    const look = { ...plotlyTheme().paper, margin: MARGIN, dragmode: /** @type {const} */ (false), width, height };
    await library.react(this.plot, traces, { ...look, ...layout }, { displayModeBar: false });
    this.frame.dataset.epoch = String(epoch);
  }
}
