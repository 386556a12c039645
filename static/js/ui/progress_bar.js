/** Progress bar. */
import { count } from "../core/format.js";
import { html } from "../core/html.js";

/** @param {string} label @param {number} percent from 0 to 100 @param {string} [className] */
export function progressBar(label, percent, className = "") {
  const width = percent.toFixed(1);
  return html`<div class="progress ${className}" role="progressbar" aria-label=${label} aria-valuemin="0"
    aria-valuemax="100" aria-valuenow=${width} aria-valuetext="${count(percent)}%">
    <div class="progress-bar" .style=${`width: ${width}%`}></div>
  </div>`;
}
