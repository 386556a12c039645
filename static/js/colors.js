/**
 * The colors of tokens.css, as the present theme has them.
 */

/**
 * What a token of tokens.css comes to: "--train" → "rgb(8, 119, 189)".
 * @param {string} name
 */
export function color(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/**
 * Call `listener` whenever the system turns light or dark.
 * @param {() => void} listener
 */
export function onThemeChange(listener) {
  document.addEventListener("themechange", listener);
}
