/**
 * plotly.js, which loads beside the page: the form can be used before it is there.
 */

/** @type {Promise<typeof Plotly> | undefined} */
let loading;

/** @returns {Promise<typeof Plotly>} */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.getElementById("plotly-script");
    if (!script) return reject(new Error("The page does not load plotly.js."));
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => reject(new Error("plotly.js could not be loaded.")));
  });
  return loading;
}

/**
 * Text for a chart, where plotly.js would read `<b>` and `&lt;`: a run's name stays what it is.
 * @param {string} text
 */
export function plainText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
