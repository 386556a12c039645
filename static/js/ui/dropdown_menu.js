/** Dropdown menu in a <details class="menu"> element. */

/**
 * Close the menu after a click outside it, after a click on one of its links, and on Esc.
 * @param {HTMLDetailsElement} menu
 */
export function setUpDropdown(menu) {
  document.addEventListener("click", (event) => {
    const { target } = event;
    const inside = target instanceof Node && menu.contains(target);
    if (!inside || (target instanceof Element && target.closest("a"))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
