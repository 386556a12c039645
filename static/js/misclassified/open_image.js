/** Open image of the misclassified page: its prediction, its explanation and its annotation. */
import { count } from "../core/format.js";
import { describeAbsence } from "./descriptions.js";

/**
 * @import {ListedImage} from "../../../types/api.js"
 * @import {AnnotationTools} from "../annotations/annotation_tools.js"
 * @import {DetailLoader} from "../explanations/loader.js"
 * @import {ActionTable} from "../ui/actions.js"
 * @import {ViewStore} from "./view_store.js"
 */

/**
 * Show the open image of the store whenever its data change.
 * @param {{store: ViewStore, annotations: AnnotationTools, detail: DetailLoader, actions: ActionTable}} parts
 */
export function connectOpenImage({ store, annotations, detail, actions }) {
  store.subscribe("data", () => {
    if (!store.shown) return;
    const { item, view, epoch } = store.shown;
    annotations.show(item, epoch);
    if (!item) return detail.hide();
    for (const name of ["previous-image", "next-image"])
      document.getElementById(name)?.setAttribute("aria-disabled", String(!actions.applies(name)));
    const hidden = annotations.guessing.hidesPrediction(item.index);
    detail.show(item, describePosition(store, item, hidden), { epoch, tab: view.tab, hidden });
  });
}

/**
 * Return the position of an image in the list, or why it is not on the page.
 * @param {ViewStore} store
 * @param {ListedImage} item
 * @param {boolean} hidden true if guess mode hides the prediction, which the reason would reveal
 */
function describePosition({ view, openPosition, total }, item, hidden) {
  if (openPosition >= 0) return `${count(view.offset + openPosition + 1)} of ${count(total)}`;
  return hidden ? "" : describeAbsence(item, view);
}
