/** Messages about deleted runs, in the element #deleted of a page. */

import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";

/** Show that the run of the page was deleted. @param {{id: number, name: string}} run */
export function showDeletedRun({ id, name }) {
  show(`Run ${id} was deleted`, `“${name}” and its results no longer exist.`);
}

/** Show that the run of an address does not exist. @param {string} id */
export function showMissingRun(id) {
  show(`There is no run ${id}`, "Perhaps it was deleted.");
}

/** @param {string} title @param {string} text */
function show(title, text) {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  const root = byId("deleted");
  root.hidden = false;
  document.title = `${title} · Misfit`;
  render(
    html`<h2>${title}</h2>
      <p class="text-break">${text}</p>
      <div class="hstack flex-wrap justify-content-center gap-2">
        <a class="btn btn-primary" href="/runs">See the runs</a>
        <a class="btn btn-outline-secondary" href="/">Train a network</a>
      </div>`,
    root,
  );
}

/** Notice about runs that were deleted while a page showed them among others. */
export class DeletionNotice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** Name of each deleted run, or undefined if the page has not loaded it, by id. @type {Map<number, string | undefined>} */
    this.names = new Map();
  }

  /** Add a run. @param {number} id @param {string} [name] undefined if the page has not loaded the run */
  add(id, name) {
    this.names.set(id, name);
    this.#draw();
  }

  #draw() {
    const close = () => {
      this.names.clear();
      this.#draw();
    };
    const sentences = [...this.names].map(([id, name]) =>
      name === undefined ? `There is no run ${id}. Perhaps it was deleted.` : `Run ${id} (${name}) was deleted.`,
    );
    const notice = html`<div class="alert alert-secondary hstack justify-content-between gap-2 mb-3">
      <div class="text-break">${sentences.map((sentence) => html`<p class="mb-0">${sentence}</p>`)}</div>
      <button class="btn btn-outline-secondary btn-sm" type="button" @click=${close}>Close</button>
    </div>`;
    render(sentences.length ? notice : nothing, this.root);
  }
}
