// Runs before the first paint, so that a dark page never flashes white: Bootstrap follows data-bs-theme.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  follow();
  dark.addEventListener("change", follow);
})();
