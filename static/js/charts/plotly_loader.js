/**
 * Loader of plotly.js. Pages with charts load the script in the background, so that the rest of the page works
 * meanwhile. Other pages put script and styles in a <template>. There, the first call of `plotly` adds both to the
 * page.
 */

const RETRY_DELAY = 2000; // ms after a failed download

/** @type {Promise<typeof Plotly> | undefined} */
let loading;

/** Return plotly.js once it is loaded. @returns {Promise<typeof Plotly>} */
export function plotly() {
  loading ??= load();
  return loading;
}

/** Load plotly.js, and repeat a download that fails, for example because the server restarts. */
async function load() {
  const inPage = /** @type {HTMLScriptElement | null} */ (document.getElementById("plotly-script"));
  let script = inPage ?? addFromTemplate();
  while (!window.Plotly) {
    await settled(script);
    if (window.Plotly) break;
    await new Promise((resolve) => window.setTimeout(resolve, RETRY_DELAY));
    script = addScript(script.src);
  }
  return window.Plotly;
}

/** Wait until a script was executed or its download failed. @param {HTMLScriptElement} script */
function settled(script) {
  return new Promise((resolve) => {
    for (const event of ["load", "error"]) script.addEventListener(event, resolve);
    // The plotly.js script in the HTML of the page may have failed before these listeners were added. Once the page is
    // complete, this script has either been executed or failed.
    if (!script.id) return;
    if (document.readyState === "complete") resolve(null);
    else window.addEventListener("load", resolve, { once: true });
  });
}

/** Add the script and styles of the <template> to the page. */
function addFromTemplate() {
  const parts = /** @type {HTMLTemplateElement} */ (document.getElementById("plotly-parts"));
  document.head.append(parts.content); // styles first, because plotly.js adds its own if they are missing
  return addScript(parts.dataset.script ?? "");
}

/** @param {string} src */
function addScript(src) {
  const script = document.createElement("script");
  script.src = src;
  document.head.append(script);
  return script;
}

/**
 * Escape text for plotly.js, which would otherwise interpret tags and entities such as `<b>` and `&lt;`.
 * @param {string} text
 */
export function escapeMarkup(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
