/** Dialog that renames a run, edits its notes, or deletes it. */
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
    this.ask = byId("edit-delete");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#attempt(async (run) => {
        onChanged(await api.patch(`/api/runs/${run.id}`, { name: this.name.value, notes: this.notes.value }));
      });
    });
    this.ask.addEventListener("click", () => this.#confirm(true));
    byId("edit-delete-cancel").addEventListener("click", () => this.#confirm(false));
    byId("edit-cancel").addEventListener("click", () => this.dialog.close());
    byId("edit-delete-confirm").addEventListener("click", () => {
      this.#attempt(async (run) => {
        await api.delete(`/api/runs/${run.id}`);
        onDeleted(run);
      });
    });
  }

  /** @param {Run} run */
  open(run) {
    this.run = run;
    this.name.value = run.name;
    this.notes.value = run.notes;
    this.#say({});
    this.#confirm(false);
    this.ask.disabled = isLive(run);
    byId("edit-running").hidden = !isLive(run);
    this.dialog.showModal();
    this.name.select();
  }

  /** @param {boolean} asking whether the run is really to be deleted */
  #confirm(asking) {
    byId("edit-buttons").hidden = asking;
    byId("edit-confirm").hidden = !asking;
    if (!asking || !this.run) return;
    const epochs = counted(this.run.epochs_completed, "epoch");
    byId("edit-confirm-text").textContent = `Delete “${this.run.name}” with its ${epochs}? This cannot be undone.`;
    byId("edit-delete-cancel").focus();
  }

  /** @param {(run: Run) => Promise<void>} action */
  async #attempt(action) {
    if (!this.run) return;
    try {
      await action(this.run);
      this.dialog.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#confirm(false);
      this.#say({ all: error.message, ...error.fields });
    }
  }

  /** @param {Record<string, string>} messages */
  #say(messages) {
    const known = { "edit-name-error": messages.name, "edit-notes-error": messages.notes };
    const all = messages.name || messages.notes ? "" : messages.all;
    for (const [id, message] of Object.entries({ ...known, "edit-error": all })) {
      byId(id).textContent = message ?? "";
      byId(id).hidden = !message;
    }
    this.name.setAttribute("aria-invalid", String(Boolean(messages.name)));
    this.notes.setAttribute("aria-invalid", String(Boolean(messages.notes)));
  }
}
