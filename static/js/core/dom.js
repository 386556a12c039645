/**
 * Create and change elements from plain values. Text is always text: nothing here parses HTML.
 */

/**
 * One element. A key of `properties` that the element has as a property is set as one (`className`, `textContent`,
 * `hidden`, `onclick`); `dataset` is copied; any other key becomes an attribute, unless it is null or false.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "dataset") Object.assign(made.dataset, value);
    else if (name in made) Reflect.set(made, name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    made.append(typeof child === "number" ? String(child) : child);
  }
  return made;
}

/**
 * The element with this id, which the page's template promises.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 * @throws {Error} the template does not have it
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return /** @type {T} */ (found);
}

/**
 * The part of a block that its template marks with `data-part`.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @returns {T}
 * @throws {Error} the template does not have it
 */
export function partOf(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`The template has no part ${name}.`);
  return /** @type {T} */ (found);
}

/**
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Show a message in its element, which is hidden without one.
 * @param {HTMLElement} target
 * @param {string} text empty: no message
 */
export function setMessage(target, text) {
  setText(target, text);
  target.hidden = text === "";
}

/**
 * @param {Element} target
 * @param {string} name
 * @param {string | null} value null takes the attribute away
 */
export function setAttribute(target, name, value) {
  if (target.getAttribute(name) === value) return;
  if (value === null) target.removeAttribute(name);
  else target.setAttribute(name, value);
}

/**
 * Make `parent` hold exactly these children in this order, moving as few as possible: one that stays in its place keeps
 * the focus and its loaded picture.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function setChildren(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, place) => {
    const present = parent.children[place];
    if (present !== child) parent.insertBefore(child, present ?? null);
  });
}

/**
 * Do something once what was drawn can be seen.
 * @param {() => void} action
 */
export function afterPaint(action) {
  // A frame is drawn after its callbacks, and shown by the time of those of the next one.
  requestAnimationFrame(() => requestAnimationFrame(() => window.setTimeout(action)));
}
