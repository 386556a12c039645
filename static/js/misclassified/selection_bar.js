/** Actions on the selected images: flag, label, clear. */
import { byId, element, partOf, setText } from "../core/dom.js";
import { counted } from "../core/format.js";

/**
 * @typedef {import("../ui/multi_select.js").Selection} Selection
 * @typedef {import("../annotations/annotation_store.js").AnnotationStore} AnnotationStore
 */

const NO_LABEL = "none";

export class SelectionBar {
  /**
   * @param {{store: AnnotationStore, classNames: string[], onClear: () => void}} options
   */
  constructor({ store, classNames, onClear }) {
    this.bar = byId("selection");
    this.count = partOf(this.bar, "selection-count");
    this.flag = partOf(this.bar, "selection-flag");
    /** @type {HTMLSelectElement} */
    this.label = partOf(this.bar, "selection-label");
    this.store = store;
    /** @type {number[]} */
    this.indices = [];
    this.label.replaceChildren(
      element("option", { value: "" }, "Label as…"),
      ...classNames.map((name, label) => element("option", { value: String(label) }, name)),
      element("option", { value: NO_LABEL }, "no label"),
    );
    this.flag.addEventListener("click", () => store.setFlag(this.indices));
    this.label.addEventListener("change", () => {
      const { value } = this.label;
      this.label.value = "";
      if (value) store.setLabel(this.indices, value === NO_LABEL ? null : Number(value));
    });
    partOf(this.bar, "selection-clear").addEventListener("click", onClear);
  }

  /** Show the bar for a selection. @param {Selection} selection */
  update(selection) {
    this.indices = selection.indices;
    this.bar.hidden = selection.size === 0;
    const flagged = this.indices.length > 0 && this.indices.every((index) => this.store.get(index).flagged);
    setText(this.count, `${counted(selection.size, "image")} selected`);
    setText(this.flag, flagged ? "Remove flags" : "Flag");
  }
}
