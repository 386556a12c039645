/** Lazy loading of style sheets, which a page includes as <link disabled data-for="part">. */

/** Load the style sheets of a part of the page. @param {string} part value of `data-for` */
export async function loadStyles(part) {
  const links = /** @type {HTMLLinkElement[]} */ ([...document.querySelectorAll(`link[data-for="${part}"]`)]);
  const disabled = links.filter((link) => link.disabled);
  await Promise.all(
    disabled.map((link) => {
      link.disabled = false;
      return new Promise((done) => {
        link.addEventListener("load", done);
        link.addEventListener("error", done);
      });
    }),
  );
}
