/** Dash patterns of lines: lengths of dashes and gaps in pixels, as in the SVG attribute `stroke-dasharray`. */

export const SOLID = "none";
export const DOTTED = "3px,3px";

/**
 * One pattern for each line of a chart, which distinguishes the lines without color. There are as many as colors of
 * compared runs.
 */
export const DASHES = [
  SOLID,
  "9px,5px",
  DOTTED,
  "9px,3px,3px,3px",
  "18px,5px",
  "14px,3px,3px,3px,3px,3px",
  "5px,3px,5px,8px",
  "2px,7px",
];
