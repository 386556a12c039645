/** Style sheets of parts that a page may never show: <link disabled data-for="part">. */

/**
 * Have the style sheets of a part.
 * @param {string} part
 */
export async function loadStyles(part) {
  const links = /** @type {HTMLLinkElement[]} */ ([...document.querySelectorAll(`link[data-for="${part}"]`)]);
  const coming = links.filter((link) => link.disabled);
  await Promise.all(
    coming.map((link) => {
      link.disabled = false;
      return new Promise((done) => {
        link.addEventListener("load", done);
        link.addEventListener("error", done);
      });
    }),
  );
}
