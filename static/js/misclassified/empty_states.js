/** Texts that replace the images of the misclassified page, each with a next step. */
import { count } from "../core/format.js";
import { isLive } from "../realtime/run_status.js";
import { isFiltered } from "./view_state.js";

/** @import {Run} from "../../../types/api.js" */
/** @import {ImageFilter} from "./view_state.js" */

/** Explain why there is no epoch to show. @param {Pick<Run, "id" | "status" | "error">} run */
export function describeWaiting(run) {
  if (isLive(run))
    return {
      title: "The first epoch is still running",
      text: "The misclassified images appear here after the first epoch.",
      next: { label: "Watch it train", href: `/runs/${run.id}` },
    };
  return {
    title: "This run completed no epoch",
    text: run.error?.message ?? `The run ended as ${run.status} before its first epoch was complete.`,
    next: { label: "Start another run", href: "/" },
  };
}

/**
 * Explain why the list is empty. `next` is the name of an action, or null.
 * @param {{view: ImageFilter, epoch: number, classNames: string[]}} list
 */
export function describeEmptyList({ view, epoch, classNames }) {
  if (isFiltered(view))
    return {
      title: "No images match these filters",
      text: explainFilters(view, epoch, classNames),
      next: "clear-filters",
    };
  return {
    title: "✓ No misclassified images",
    text: `After epoch ${count(epoch)}, every test image is classified correctly.`,
    next: epoch === 1 ? null : "first-epoch",
  };
}

/**
 * Explain why no image matches the filters.
 * @param {ImageFilter} view
 * @param {number} epoch
 * @param {string[]} classNames
 */
function explainFilters(view, epoch, classNames) {
  const truth = view.true === null ? "" : ` of ${classNames[view.true]}`;
  const after = `After epoch ${count(epoch)},`;
  if (view.flagged === "true") return "To flag an image, open it and press f. Flagged images appear here.";
  if (view.suspects)
    return `${after} no label${truth} is a suspect: for no misclassified image do the network, the nearest training images and other runs together favor another class.`;
  const { min_confidence: low, max_confidence: high, max_margin: margin, history, answer } = view;
  if ([low, high, margin].some((limit) => limit !== null) || history !== "any" || answer !== "wrong")
    return `${after} no test image${truth} matches all of these filters.`;
  if (view.predicted === null) return `${after} every test image${truth} is classified correctly.`;
  if (view.true === view.predicted)
    return `The test images${truth} predicted as ${classNames[view.predicted]} are the correct ones.`;
  return `${after} no test image${truth} is misclassified as ${classNames[view.predicted]}.`;
}
