// Script that sets Bootstrap's theme before the first paint, so that a dark page is never white for a moment.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const applyTheme = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);
})();
