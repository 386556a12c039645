/** Open image of the misclassified page: its prediction, its explanation and its annotation. */
import { count } from "../core/format.js";
import { describeAbsence } from "./descriptions.js";

export class OpenImage {
  /**
   * @param {{
   *   store: import("./view_store.js").ViewStore,
   *   annotations: import("../annotations/annotation_tools.js").AnnotationTools,
   *   detail: import("../explanations/loader.js").DetailLoader,
   *   actions: import("../ui/actions.js").ActionTable,
   * }} parts
   */
  constructor({ store, annotations, detail, actions }) {
    this.store = store;
    this.annotations = annotations;
    this.detail = detail;
    this.actions = actions;
    store.subscribe("data", () => this.#draw());
  }

  #draw() {
    const { store, annotations, detail, actions } = this;
    if (!store.shown) return;
    const { item, view, epoch } = store.shown;
    annotations.show(item, epoch);
    if (!item) return detail.hide();
    for (const name of ["previous-image", "next-image"])
      document.getElementById(name)?.setAttribute("aria-disabled", String(!actions.applies(name)));
    const hidden = annotations.guessing.hidesPrediction(item.index);
    detail.show(item, this.#describePosition(item, hidden), { epoch, tab: view.tab, hidden });
  }

  /**
   * Return the position of the image in the list, or why it is not on the page.
   * @param {import("../../../types/api.js").ListedImage} item
   * @param {boolean} hidden true if guess mode hides the prediction, which the reason would reveal
   */
  #describePosition(item, hidden) {
    const { view, openPosition, total } = this.store;
    if (openPosition >= 0) return `${count(view.offset + openPosition + 1)} of ${count(total)}`;
    return hidden ? "" : describeAbsence(item, view);
  }
}
