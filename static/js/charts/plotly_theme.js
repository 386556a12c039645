/** Plotly layout that all charts share, in the colors of the current theme. */

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
