/** Dialog that renames or deletes a run, or edits its notes. */
import { ApiError, api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { counted } from "../core/format.js";
import { isLive } from "../realtime/run_status.js";

/** @typedef {import("../../../types/api.js").Run} Run */

export class RunDialog {
  /**
   * @param {{onChanged: (run: Run) => void, onDeleted: (run: Run) => void}} listener
   */
  constructor({ onChanged, onDeleted }) {
    /** @type {Run | null} */
    this.run = null;
    /** @type {HTMLDialogElement} */
    this.dialog = byId("edit");
    /** @type {HTMLFormElement} */
    this.form = byId("edit-form");
    /** @type {HTMLInputElement} */
    this.name = byId("edit-name");
    /** @type {HTMLTextAreaElement} */
    this.notes = byId("edit-notes");
    /** @type {HTMLButtonElement} */
    this.deleteButton = byId("edit-delete");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(async (run) => {
        onChanged(await api.patch(`/api/runs/${run.id}`, { name: this.name.value, notes: this.notes.value }));
      });
    });
    this.deleteButton.addEventListener("click", () => this.#showConfirmation(true));
    byId("edit-delete-cancel").addEventListener("click", () => this.#showConfirmation(false));
    byId("edit-cancel").addEventListener("click", () => this.dialog.close());
    byId("edit-delete-confirm").addEventListener("click", () => {
      this.#send(async (run) => {
        await api.delete(`/api/runs/${run.id}`);
        onDeleted(run);
      });
    });
  }

  /** Open the dialog for a run. @param {Run} run */
  open(run) {
    this.run = run;
    this.name.value = run.name;
    this.notes.value = run.notes;
    this.#showErrors({});
    this.#showConfirmation(false);
    this.deleteButton.disabled = isLive(run);
    byId("edit-running").hidden = !isLive(run);
    this.dialog.showModal();
    this.name.select();
  }

  /** Ask for confirmation of the deletion, or show the buttons again. @param {boolean} confirming */
  #showConfirmation(confirming) {
    byId("edit-buttons").hidden = confirming;
    byId("edit-confirm").hidden = !confirming;
    if (!confirming || !this.run) return;
    const epochs = counted(this.run.epochs_completed, "epoch");
    byId("edit-confirm-text").textContent = `Delete “${this.run.name}” with its ${epochs}? This cannot be undone.`;
    byId("edit-delete-cancel").focus();
  }

  /** Send a request about the run; close the dialog, or show the errors. @param {(run: Run) => Promise<void>} action */
  async #send(action) {
    if (!this.run) return;
    try {
      await action(this.run);
      this.dialog.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#showConfirmation(false);
      this.#showErrors({ all: error.message, ...error.fields });
    }
  }

  /**
   * Show errors.
   * @param {Record<string, string>} messages messages by field name; `all` is the message of the request
   */
  #showErrors(messages) {
    const fieldErrors = { "edit-name-error": messages.name, "edit-notes-error": messages.notes };
    const all = messages.name || messages.notes ? "" : messages.all;
    for (const [id, message] of Object.entries({ ...fieldErrors, "edit-error": all })) {
      byId(id).textContent = message ?? "";
      byId(id).hidden = !message;
    }
    this.name.setAttribute("aria-invalid", String(Boolean(messages.name)));
    this.notes.setAttribute("aria-invalid", String(Boolean(messages.notes)));
  }
}
