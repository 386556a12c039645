/** Colors of tokens.css in the current theme. */

/**
 * The colors are cached, because `getComputedStyle` forces the browser to lay out the page.
 * @type {Map<string, string>}
 */
const resolvedColors = new Map();
document.addEventListener("themechange", () => resolvedColors.clear());

/** Return the color of a CSS variable, also in forced colors: "--train" → "rgb(8, 119, 189)". @param {string} name */
export function color(name) {
  const cached = resolvedColors.get(name);
  if (cached !== undefined) return cached;
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  probe.style.forcedColorAdjust = "none"; // forced colors would make all data the same color
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  resolvedColors.set(name, resolved);
  return resolved;
}

/** Call `listener` after each change between the light and the dark theme. @param {() => void} listener */
export function onThemeChange(listener) {
  document.addEventListener("themechange", listener);
}
