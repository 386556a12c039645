/** What the misclassified page says when it has nothing to show, and the one click that does the next thing. */
import { byId, setAttribute, setText } from "../core/dom.js";
import { isFiltered } from "./view_state.js";

/**
 * @typedef {import("../../../types/messages.js").Run} Run
 * @typedef {import("./view_state.js").MistakesFilter} MistakesFilter
 */

/**
 * Say why there are no epochs to look at.
 * @param {Run | null} run null: there are some
 */
export function showWaiting(run) {
  byId("waiting").hidden = run === null;
  if (run === null) return;
  const coming = ["queued", "running", "paused"].includes(run.status);
  setText(byId("waiting-title"), coming ? "The first epoch is not complete yet" : "This run completed no epoch");
  setText(
    byId("waiting-text"),
    coming
      ? "The images that the network reads wrong appear here by themselves after its first pass through the data."
      : (run.error?.message ?? `It ended as ${run.status} before the first one was through.`),
  );
  setText(byId("waiting-next"), coming ? "Watch it train" : "Start another run");
  setAttribute(byId("waiting-next"), "href", coming ? `/runs/${run.id}` : "/");
}

/**
 * Say what went wrong.
 * @param {unknown} problem null: nothing
 */
export function showProblem(problem) {
  byId("problem").hidden = problem === null;
  if (problem !== null) byId("problem").textContent = problem instanceof Error ? problem.message : String(problem);
}

/**
 * Say why a list is empty.
 * @param {{view: MistakesFilter, epoch: number, classNames: string[]} | null} empty null: it is not
 * @param {{clear: () => void, first: () => void}} actions
 */
export function showNothing(empty, { clear, first }) {
  byId("nothing").hidden = empty === null;
  if (empty === null) return;
  const { view, epoch, classNames } = empty;
  const filtered = isFiltered(view);
  const next = /** @type {HTMLButtonElement} */ (byId("nothing-next"));
  setText(byId("nothing-title"), filtered ? "No image is like that" : "✓ No mistakes left");
  setText(
    byId("nothing-text"),
    filtered ? reason(view, epoch, classNames) : `After epoch ${epoch} every test image is read right.`,
  );
  setText(next, filtered ? "Clear the filters" : "Look at the first epoch");
  next.hidden = !filtered && epoch === 1;
  next.onclick = filtered ? clear : first;
}

/**
 * @param {MistakesFilter} view
 * @param {number} epoch
 * @param {string[]} classNames
 */
function reason(view, epoch, classNames) {
  const truth = view.true === null ? "" : ` of ${classNames[view.true]}`;
  const after = `After epoch ${epoch}`;
  if (view.flagged === "true") return "Open an image and press f, or select some and flag them: they appear here.";
  if (view.suspects) return `${after} the network contradicts no label${truth} as surely as it usually speaks.`;
  const { min_confidence: low, max_confidence: high, max_margin: margin, history, answer } = view;
  if ([low, high, margin].some((limit) => limit !== null) || history !== "any" || answer !== "wrong")
    return `${after} no test image${truth} fits all of these filters.`;
  if (view.predicted === null) return `${after} every test image${truth} is read right.`;
  if (view.true === view.predicted)
    return `The test images${truth} read as ${classNames[view.predicted]} are the right ones.`;
  return `${after} no test image${truth} is wrongly read as ${classNames[view.predicted]}.`;
}
