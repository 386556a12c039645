/** Messages that replace the images of the misclassified page, each with a button for the next step. */
import { errorMessage } from "../core/api.js";
import { byId, setAttribute, setMessage, setText } from "../core/dom.js";
import { isLive } from "../realtime/run_status.js";
import { isFiltered } from "./view_state.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("./view_state.js").ImageFilter} ImageFilter
 */

/**
 * Explain why there is no epoch to show.
 * @param {Run | null} run null hides the message
 */
export function showWaiting(run) {
  byId("waiting").hidden = run === null;
  if (run === null) return;
  const live = isLive(run);
  setText(byId("waiting-title"), live ? "The first epoch is still running" : "This run completed no epoch");
  setText(
    byId("waiting-text"),
    live
      ? "The misclassified images appear here after the first epoch."
      : (run.error?.message ?? `The run ended as ${run.status} before its first epoch was complete.`),
  );
  setText(byId("waiting-next"), live ? "Watch it train" : "Start another run");
  setAttribute(byId("waiting-next"), "href", live ? `/runs/${run.id}` : "/");
}

/**
 * Show an error, or hide the message of an earlier error.
 * @param {unknown} problem null hides the message
 */
export function showProblem(problem) {
  setMessage(byId("problem"), problem === null ? "" : errorMessage(problem));
}

/**
 * Explain why the list is empty.
 * @param {{view: ImageFilter, epoch: number, classNames: string[]} | null} empty null hides the message
 * @param {{clear: () => void, first: () => void}} actions
 */
export function showEmptyList(empty, { clear, first }) {
  byId("nothing").hidden = empty === null;
  if (empty === null) return;
  const { view, epoch, classNames } = empty;
  const filtered = isFiltered(view);
  const next = /** @type {HTMLButtonElement} */ (byId("nothing-next"));
  setText(byId("nothing-title"), filtered ? "No images match these filters" : "✓ No misclassified images");
  setText(
    byId("nothing-text"),
    filtered
      ? explainFilters(view, epoch, classNames)
      : `After epoch ${epoch}, every test image is classified correctly.`,
  );
  setText(next, filtered ? "Clear filters" : "Show the first epoch");
  next.hidden = !filtered && epoch === 1;
  next.onclick = filtered ? clear : first;
}

/**
 * Explain why no image matches the filters.
 * @param {ImageFilter} view
 * @param {number} epoch
 * @param {string[]} classNames
 */
function explainFilters(view, epoch, classNames) {
  const truth = view.true === null ? "" : ` of ${classNames[view.true]}`;
  const after = `After epoch ${epoch},`;
  if (view.flagged === "true") return "To flag an image, open it and press f. Flagged images appear here.";
  if (view.suspects)
    return `${after} no label${truth} is a suspect: wherever the network predicts another class, its confidence is below its average for that class.`;
  const { min_confidence: low, max_confidence: high, max_margin: margin, history, answer } = view;
  if ([low, high, margin].some((limit) => limit !== null) || history !== "any" || answer !== "wrong")
    return `${after} no test image${truth} matches all of these filters.`;
  if (view.predicted === null) return `${after} every test image${truth} is classified correctly.`;
  if (view.true === view.predicted)
    return `The test images${truth} predicted as ${classNames[view.predicted]} are the correct ones.`;
  return `${after} no test image${truth} is misclassified as ${classNames[view.predicted]}.`;
}
