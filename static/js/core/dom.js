/** Functions that find and create elements. Templates of core/html.js draw everything else. */

/**
 * Create an element that stays the same while templates contain it, such as a canvas or the element of a plot.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties such as `className` and `ariaLabel`
 */
export function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

/**
 * Return the element with this id.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 * @throws {Error} if the template does not contain it
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return /** @type {T} */ (found);
}

/**
 * Return the element inside `root` whose `data-part` is `name`.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @returns {T}
 * @throws {Error} if the template does not contain it
 */
export function partOf(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`The template has no element with data-part="${name}".`);
  return /** @type {T} */ (found);
}
