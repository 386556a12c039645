// Sets the theme of Bootstrap before the first paint, so that a dark page does not flash white.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const applyTheme = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);
})();
