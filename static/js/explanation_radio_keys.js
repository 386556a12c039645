/** Radio buttons on a page whose arrow keys mean something else. */

/**
 * Keep the arrow keys of a group of radio buttons from the page: they choose among the buttons.
 * @param {HTMLElement} group
 */
export function keepArrowKeys(group) {
  group.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) event.stopPropagation();
  });
}
