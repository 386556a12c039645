/** Plot of a figure. The plot is redrawn when its size or the theme changes. Screen readers treat it as one image. */

import { onThemeChange } from "../core/colors.js";
import { element } from "../core/dom.js";
import { fixHeight, PRINTED_WIDTH, plotlyTheme } from "./plotly_theme.js";
import { RedrawThrottle } from "./redraw_throttle.js";

/** @typedef {Pick<import("./figure.js").OutputFigure, "traces" | "layout">} PlotContent */

const MARGIN = { l: 44, r: 12, t: 12, b: 36 };

export class FigurePlot {
  /** @param {HTMLElement} frame element that determines the size of the plot */
  constructor(frame) {
    this.frame = frame;
    /** @type {(() => PlotContent) | null} */
    this.createContent = null;
    this.epoch = 0;
    this.plot = element("div", {
      className: "chart-plot position-absolute",
      role: "img",
      ariaLabel: "Outputs of the network",
    });
    frame.replaceChildren(this.plot);
    this.throttle = new RedrawThrottle((library) => this.#draw(library));
    onThemeChange(() => this.throttle.requestDraw(true));
    new ResizeObserver(() => this.throttle.requestDraw(true)).observe(frame);
    this.printing = false;
    window.addEventListener("beforeprint", () => this.#print(true));
    window.addEventListener("afterprint", () => this.#print(false));
  }

  /** Draw the plot for paper, or for the screen again. @param {boolean} printing */
  #print(printing) {
    this.printing = printing;
    fixHeight(this.frame, printing);
    if (printing) this.throttle.drawNow();
    else this.throttle.requestDraw(true);
  }

  /**
   * Draw other content.
   * @param {() => PlotContent} createContent returns the content in the colors of the current theme
   * @param {string} description text for screen readers
   * @param {number} epoch
   */
  show(createContent, description, epoch) {
    this.createContent = createContent;
    this.epoch = epoch;
    this.plot.ariaLabel = description;
    this.throttle.requestDraw(true);
  }

  /** @param {typeof Plotly} library */
  async #draw(library) {
    const { clientWidth, clientHeight: height } = this.frame;
    if (!this.createContent || clientWidth === 0) return;
    const width = this.printing ? Math.min(clientWidth, PRINTED_WIDTH) : clientWidth;
    const { epoch } = this;
    const { traces, layout } = this.createContent();
    const base = { ...plotlyTheme().paper, margin: MARGIN, dragmode: /** @type {const} */ (false), width, height };
    await library.react(this.plot, traces, { ...base, ...layout }, { displayModeBar: false });
    this.frame.dataset.epoch = String(epoch);
  }
}
