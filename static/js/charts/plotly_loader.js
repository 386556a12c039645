/**
 * plotly.js, loaded beside the page so that the form works before it arrives. A page that may not need it holds it and
 * its styles in a <template>, and takes them from there on first use.
 */

/** @type {Promise<typeof Plotly> | undefined} */
let loading;

/** @returns {Promise<typeof Plotly>} */
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

/** @returns {HTMLScriptElement | null} */
function addScript() {
  const parts = /** @type {HTMLTemplateElement | null} */ (document.getElementById("plotly-parts"));
  if (!parts) return null;
  const script = document.createElement("script");
  script.src = parts.dataset.script ?? "";
  document.head.append(parts.content, script); // the styles first, or it would write its own
  return script;
}

/**
 * Text for a chart, where plotly.js would read `<b>` and `&lt;`: a run's name stays what it is.
 * @param {string} text
 */
export function plainText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
