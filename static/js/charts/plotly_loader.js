/**
 * Loader of plotly.js. Pages with charts load it in the background, so that the form works before it arrives. Other
 * pages put its script and styles in a <template>, which the first call of `plotly` adds to the page.
 */

/** @type {Promise<typeof Plotly> | undefined} */
let loading;

/** Return plotly.js once it is loaded. @returns {Promise<typeof Plotly>} */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.getElementById("plotly-script") ?? addScript();
    if (!script) return reject(new Error("This page does not include plotly.js."));
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => reject(new Error("plotly.js could not be loaded.")));
  });
  return loading;
}

/** Add the script and styles of the <template> to the page. @returns {HTMLScriptElement | null} */
function addScript() {
  const parts = /** @type {HTMLTemplateElement | null} */ (document.getElementById("plotly-parts"));
  if (!parts) return null;
  const script = document.createElement("script");
  script.src = parts.dataset.script ?? "";
  document.head.append(parts.content, script); // styles first, because plotly.js adds its own if they are missing
  return script;
}

/**
 * Escape text for plotly.js, which would otherwise interpret tags and entities such as `<b>` and `&lt;`.
 * @param {string} text
 */
export function escapeMarkup(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
