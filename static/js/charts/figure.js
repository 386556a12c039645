/**
 * Type definition of the figures of a network's outputs, which the modules in outputs/ create, and layout of plot axes.
 *
 * @typedef {object} OutputFigure
 * @property {any[]} traces plotly.js traces
 * @property {any} layout plotly.js layout, except the parts that all figures share
 * @property {string} help explanation of the figure in one or two sentences
 * @property {boolean | null} allCorrect true if all predictions are correct; null for a regression
 * @property {string} summary quality of the predictions in one sentence
 * @property {{headings: string[], rows: string[][]} | null} table training examples, or null if there are too many
 */

import { escapeMarkup } from "./plotly_loader.js";
import { plotlyTheme } from "./plotly_theme.js";

/**
 * Return the plotly.js layout of an axis with a title.
 * @param {string} name title; any text
 * @param {object} [options] other options of plotly.js
 */
export function plotAxis(name, options = {}) {
  const { font, axis } = plotlyTheme();
  return {
    ...axis,
    title: { text: escapeMarkup(name), standoff: 6, font },
    showline: true,
    ticks: "outside",
    nticks: 7,
    exponentformat: "e",
    minexponent: 3,
    automargin: true,
    fixedrange: true,
    ...options,
  };
}
