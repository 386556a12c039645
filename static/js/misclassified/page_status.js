/** Status of the misclassified page: state of the run, errors, and the message before the first epoch. */
import { errorMessage } from "../core/api.js";
import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { describeWaiting } from "./empty_states.js";

const REVEAL_DELAY = 200; // ms after which the content appears even if its data is still loading

export class PageStatus {
  /** @param {HTMLElement} root @param {import("./view_store.js").ViewStore} store */
  constructor(root, store) {
    this.root = root;
    this.store = store;
    this.revealTimer = 0;
    store.subscribe("view", () => this.#drawRun());
    store.subscribe("data", () => {
      byId("view").hidden = false;
      this.showProblem(store.problem);
    });
  }

  #drawRun() {
    const { run, completed } = this.store;
    const badge = byId("run-status");
    badge.textContent = run.status;
    badge.dataset.status = run.status;
    byId("run-name").textContent = run.name;
    if (!completed || !this.revealTimer) this.showProblem(null);
    // Show the content after a short delay. If the data arrives within this delay, the layout changes only once.
    if (completed)
      this.revealTimer ||= window.setTimeout(() => {
        byId("view").hidden = false;
      }, REVEAL_DELAY);
  }

  /** Show an error, or hide the message of an earlier error. @param {unknown} problem null hides the message */
  showProblem(problem) {
    const { run, completed } = this.store;
    const message = problem === null ? "" : errorMessage(problem);
    render(
      html`${message ? html`<div class="alert alert-danger mb-3" id="problem" role="alert">${message}</div>` : nothing}
      ${completed ? nothing : this.#waiting(describeWaiting(run))}`,
      this.root,
    );
  }

  /** @param {ReturnType<typeof describeWaiting>} message */
  #waiting({ title, text, next }) {
    return html`<div class="empty" id="waiting">
      <h2>${title}</h2>
      <p>${text}</p>
      <a class="btn btn-primary" id="waiting-next" href=${next.href}>${next.label}</a>
    </div>`;
  }
}
