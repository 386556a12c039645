/** The section on confidence, closed at first: its scripts and styles, plotly.js among them, are loaded when it is opened. */
import { byId } from "../core/dom.js";
import { loadStyles } from "../core/lazy_styles.js";

/** @typedef {import("../misclassified/view_state.js").MistakesView} MistakesView */

export class CalibrationLoader {
  /**
   * @param {number} runId
   * @param {{
   *   onOpen: (open: boolean) => void,
   *   onThreshold: (threshold: number) => void,
   *   onFilter: (change: Partial<MistakesView>) => void,
   * }} listener
   */
  constructor(runId, { onOpen, onThreshold, onFilter }) {
    this.runId = runId;
    this.listener = { onThreshold, onFilter };
    /** @type {Promise<import("./section.js").CalibrationSection> | null} */
    this.section = null;
    this.details = /** @type {HTMLDetailsElement} */ (byId("trust"));
    this.details.addEventListener("toggle", () => onOpen(this.details.open));
  }

  /**
   * @param {MistakesView} view
   * @param {number} epoch
   */
  async update({ trust, threshold }, epoch) {
    this.details.open = trust;
    if (!trust) return;
    this.section ??= this.#load();
    (await this.section).show(epoch, threshold);
  }

  async #load() {
    const [{ CalibrationSection }] = await Promise.all([import("./section.js"), loadStyles("trust")]);
    return new CalibrationSection(this.runId, this.listener);
  }
}
