// Script that sets Bootstrap's theme before the first paint, so that a dark page is never white for a moment. Printed
// pages are light.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (/** @type {string} */ theme) => {
    document.documentElement.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  const applyPreference = () => apply(dark.matches ? "dark" : "light");
  applyPreference();
  dark.addEventListener("change", applyPreference);
  window.matchMedia("(forced-colors: active)").addEventListener("change", applyPreference);
  window.addEventListener("beforeprint", () => apply("light"));
  window.addEventListener("afterprint", applyPreference);
})();
