/** Plotly layout that all charts share, in the colors of the current theme, and the size of a chart on paper. */

import { color } from "../core/colors.js";

/** Return true if the browser replaces colors by those of a contrast theme. */
export const hasForcedColors = () => window.matchMedia("(forced-colors: active)").matches;

/**
 * Return the font, the layout of each axis, and the rest of the layout.
 * @returns {{font: any, axis: any, paper: any}}
 */
export function plotlyTheme() {
  const line = color("--line");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: color("--ink-muted") };
  return {
    font,
    axis: {
      gridcolor: line,
      zeroline: false,
      linecolor: line,
      tickcolor: line,
      ticklen: 4,
      automargin: false,
    },
    paper: {
      autosize: true,
      font,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      hoverlabel: { bgcolor: color("--surface"), bordercolor: line, font: { ...font, color: color("--ink") } },
    },
  };
}

/** Width of a plot on paper, whose size a script cannot know: it fits on A4 and letter with margins of up to 25 mm, px. */
export const PRINTED_WIDTH = 560;

/**
 * Keep the height of a frame, which otherwise depends on the height of the window, as that of its plot, or release it.
 * @param {HTMLElement} frame
 * @param {boolean} fixed
 */
export function fixHeight(frame, fixed) {
  const height = fixed ? `${frame.clientHeight}px` : "";
  Object.assign(frame.style, { height, maxHeight: fixed ? "none" : "", aspectRatio: fixed ? "auto" : "" });
}
