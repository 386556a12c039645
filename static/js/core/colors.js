/**
 * Colors of tokens.css in the current theme.
 */

/** Resolved once for each theme: asking the browser lays out the page. @type {Map<string, string>} */
const known = new Map();
document.addEventListener("themechange", () => known.clear());

/**
 * What a token of tokens.css comes to: "--train" → "rgb(8, 119, 189)".
 * @param {string} name
 */
export function color(name) {
  const before = known.get(name);
  if (before !== undefined) return before;
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  known.set(name, resolved);
  return resolved;
}

/**
 * Call `listener` whenever the system turns light or dark.
 * @param {() => void} listener
 */
export function onThemeChange(listener) {
  document.addEventListener("themechange", listener);
}
