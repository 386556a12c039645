/**
 * Functions that create and update elements. None of them parses HTML, so text from users cannot inject markup.
 */

/**
 * Create an element. If the element has a property with the name of a key (`className`, `textContent`, `hidden`,
 * `onclick`), this property is set. The entries of `dataset` are copied. Any other key becomes an attribute unless its
 * value is null, undefined or false.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "dataset") Object.assign(created.dataset, value);
    else if (name in created) Reflect.set(created, name, value);
    else if (value !== null && value !== undefined && value !== false) created.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    created.append(typeof child === "number" ? String(child) : child);
  }
  return created;
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

/**
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Show a message in an element, or hide the element if there is no message.
 * @param {HTMLElement} target
 * @param {string} text empty for no message
 */
export function setMessage(target, text) {
  setText(target, text);
  target.hidden = text === "";
}

/**
 * @param {Element} target
 * @param {string} name
 * @param {string | null} value null to remove the attribute
 */
export function setAttribute(target, name, value) {
  if (target.getAttribute(name) === value) return;
  if (value === null) target.removeAttribute(name);
  else target.setAttribute(name, value);
}

/**
 * Replace the children of `parent`. A child that is already at its position is not removed and inserted again, so that
 * it keeps the focus and its loaded image.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function setChildren(parent, children) {
  const remaining = new Set(children);
  for (const child of [...parent.children]) if (!remaining.has(child)) child.remove();
  children.forEach((child, index) => {
    const present = parent.children[index];
    if (present !== child) parent.insertBefore(child, present ?? null);
  });
}

/**
 * Call `action` after the browser has painted the current state of the page.
 * @param {() => void} action
 */
export function afterPaint(action) {
  // The browser paints after the callbacks of a frame. A timeout in the next frame therefore runs after the paint.
  requestAnimationFrame(() => requestAnimationFrame(() => window.setTimeout(action)));
}
