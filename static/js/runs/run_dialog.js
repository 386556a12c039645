/** Dialog that renames or deletes a run, or edits its notes. */

import { ApiError, api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, nothing, render } from "../core/html.js";
import { isLive } from "../realtime/run_status.js";

/** @import {Run} from "../../../types/api.js" */

export class RunDialog {
  /** @param {{onChanged: (run: Run) => void, onDeleted: (run: Run) => void}} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {HTMLDialogElement} */
    this.dialog = byId("edit");
    /** Id of the run whose deletion this page requests, or 0. Its event may arrive before the response. */
    this.deleting = 0;
  }

  /** Open the dialog for a run. @param {Run} run */
  open(run) {
    this.#render(run);
    this.dialog.querySelector("form")?.reset(); // to the texts of the run
    this.dialog.showModal();
    this.dialog.querySelector("input")?.select();
  }

  /**
   * Send a request about the run; close the dialog, or show the errors.
   * @param {Run} run
   * @param {() => Promise<void>} action
   */
  async #send(run, action) {
    try {
      await action();
      this.dialog.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#render(run, { error });
      /** @type {HTMLElement | null} */ (this.dialog.querySelector('[aria-invalid="true"]'))?.focus();
    }
  }

  /**
   * Draw the form.
   * @param {Run} run
   * @param {{error?: ApiError | null, confirming?: boolean}} [state] `confirming` asks whether to delete the run
   */
  #render(run, { error = null, confirming = false } = {}) {
    const { name, notes } = error?.fields ?? {};
    const save = (/** @type {SubmitEvent & {currentTarget: HTMLFormElement}} */ event) => {
      event.preventDefault();
      const texts = Object.fromEntries(new FormData(event.currentTarget));
      this.#send(run, async () => this.listener.onChanged(await api.patch(`/api/runs/${run.id}`, texts)));
    };
    render(
      html`<form class="vstack gap-3" novalidate @submit=${save}>
        <h2 id="edit-title">Edit the run</h2>
        ${error && !name && !notes ? html`<p class="alert alert-danger" role="alert">${error.message}</p>` : nothing}
        <div>
          <label class="form-label" for="edit-name">Name</label>
          <input class="form-control ${name ? "is-invalid" : ""}" id="edit-name" name="name" maxlength="200"
            autocomplete="off" aria-invalid=${Boolean(name)} aria-describedby="edit-name-error"
            .defaultValue=${run.name}>
          <p class="invalid-feedback mb-0" id="edit-name-error">${name}</p>
        </div>
        <div>
          <label class="form-label" for="edit-notes">Notes</label>
          <textarea class="form-control ${notes ? "is-invalid" : ""}" id="edit-notes" name="notes" rows="4"
            aria-invalid=${Boolean(notes)} aria-describedby="edit-notes-error" .defaultValue=${run.notes}></textarea>
          <p class="invalid-feedback mb-0" id="edit-notes-error">${notes}</p>
        </div>
        ${isLive(run) ? html`<p class="small text-body-secondary mb-0">A run can be deleted once it has ended.</p>` : nothing}
        ${confirming ? this.#confirmation(run) : this.#buttons(run)}
      </form>`,
      this.dialog,
    );
  }

  /** @param {Run} run */
  #buttons(run) {
    const askForConfirmation = () => {
      this.#render(run, { confirming: true });
      /** @type {HTMLElement | null} */ (this.dialog.querySelector("#edit-keep"))?.focus();
    };
    return html`<div class="hstack flex-wrap gap-2 justify-content-end">
      <button class="btn btn-outline-danger me-auto" type="button" ?disabled=${isLive(run)} @click=${askForConfirmation}>
        Delete…
      </button>
      <button class="btn btn-outline-secondary" type="button" @click=${() => this.dialog.close()}>Cancel</button>
      <button class="btn btn-primary">Save</button>
    </div>`;
  }

  /** @param {Run} run */
  #confirmation(run) {
    const remove = async () => {
      this.deleting = run.id;
      try {
        await api.delete(`/api/runs/${run.id}`);
      } finally {
        this.deleting = 0;
      }
      this.listener.onDeleted(run);
    };
    return html`<p class="mb-0 text-break" role="alert">
        Delete “${run.name}” with its ${counted(run.epochs_completed, "epoch")}? This cannot be undone.
      </p>
      <div class="hstack flex-wrap gap-2 justify-content-end">
        <button class="btn btn-outline-secondary" type="button" id="edit-keep" @click=${() => this.#render(run)}>Cancel</button>
        <button class="btn btn-outline-danger" type="button" @click=${() => this.#send(run, remove)}>Delete</button>
      </div>`;
  }
}
