/** Change only what differs, so that an update that changes nothing lays nothing out again. */

/**
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
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
