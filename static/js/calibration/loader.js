/** Loader of the calibration section. The section is closed at first, and opening it loads its scripts and styles. */
import { byId } from "../core/dom.js";
import { loadStyles } from "../ui/lazy_styles.js";

/** @import {ImageView} from "../misclassified/view_state.js" */

export class CalibrationLoader {
  /**
   * @param {number} runId
   * @param {{
   *   onOpen: (open: boolean) => void,
   *   onThreshold: (threshold: number) => void,
   *   onFilter: (change: Partial<ImageView>) => void,
   * }} listener
   */
  constructor(runId, { onOpen, onThreshold, onFilter }) {
    this.runId = runId;
    this.listener = { onThreshold, onFilter };
    /** @type {Promise<import("./section.js").CalibrationSection> | null} */
    this.section = null;
    this.details = /** @type {HTMLDetailsElement} */ (byId("calibration"));
    this.details.addEventListener("toggle", () => onOpen(this.details.open));
  }

  /** @param {ImageView} view @param {number} epoch */
  async update({ trust, threshold }, epoch) {
    this.details.open = trust;
    if (!trust) return;
    this.section ??= this.#load();
    (await this.section).show(epoch, threshold);
  }

  async #load() {
    const [{ CalibrationSection }] = await Promise.all([import("./section.js"), loadStyles("calibration")]);
    return new CalibrationSection(this.runId, this.listener);
  }
}
