/**
 * Loader of plotly.js. Its execution blocks a page for a moment, so pages execute it when they have nothing else to do,
 * or when the first chart has data. The template `plotly-parts` in the HTML of the page names the script, and contains
 * its styles unless the page has them already.
 */

import { wait } from "../core/timing.js";

const RETRY_DELAY = 2000; // ms after a failed download

/** @type {Promise<typeof Plotly> | undefined} */
let loading;

/** Return plotly.js once it is loaded. @returns {Promise<typeof Plotly>} */
export function plotly() {
  loading ??= load();
  return loading;
}

/** Load plotly.js when the page has loaded and the browser is idle. */
export function loadPlotlyWhenIdle() {
  const wait = window.requestIdleCallback ?? window.setTimeout;
  if (document.readyState === "complete") wait(() => plotly());
  else window.addEventListener("load", () => wait(() => plotly()), { once: true });
}

/** Load plotly.js, and repeat a download that fails, for example because the server restarts. */
async function load() {
  const parts = /** @type {HTMLTemplateElement} */ (document.getElementById("plotly-parts"));
  document.head.append(parts.content); // styles first, because plotly.js adds its own if they are missing
  while (!(await execute(parts.dataset.script ?? ""))) await wait(RETRY_DELAY);
  return window.Plotly;
}

/** Return true if the script was executed, or false if its download failed. @param {string} src */
function execute(src) {
  const script = document.createElement("script");
  script.src = src;
  document.head.append(script);
  return new Promise((resolve) => {
    script.addEventListener("load", () => resolve(true));
    script.addEventListener("error", () => resolve(false));
  });
}

/**
 * Escape text for plotly.js, which would otherwise interpret tags and entities such as `<b>` and `&lt;`.
 * @param {string} text
 */
export function escapeMarkup(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
