/** The selects above the tiles: true class, predicted class, sort and order. */
import { byId, element } from "./element.js";

/** @typedef {import("./mistakes_view.js").MistakesView} MistakesView */

export class Filters {
  /**
   * @param {HTMLElement} form
   * @param {string[]} classNames
   * @param {(change: Partial<MistakesView>) => void} onChange
   */
  constructor(form, classNames, onChange) {
    /** @param {string} name @returns {HTMLSelectElement} */
    const select = (name) => /** @type {HTMLSelectElement} */ (form.querySelector(`select[name="${name}"]`));
    this.true = select("true");
    this.predicted = select("predicted");
    this.sort = select("sort");
    this.order = select("order");
    this.clear = byId("clear");
    for (const choice of [this.true, this.predicted]) {
      const classes = classNames.map((name, label) => element("option", { value: String(label) }, name));
      choice.replaceChildren(element("option", { value: "" }, "any"), ...classes);
    }
    this.true.addEventListener("change", () => onChange({ true: chosen(this.true) }));
    this.predicted.addEventListener("change", () => onChange({ predicted: chosen(this.predicted) }));
    this.order.addEventListener("change", () => onChange({ order: this.order.value === "asc" ? "asc" : "desc" }));
    this.sort.addEventListener("change", () => {
      const sort = /** @type {MistakesView["sort"]} */ (this.sort.value);
      // The highest confidence is what one looks for first, but images are counted from the lowest index.
      onChange({ sort, order: sort === "index" ? "asc" : "desc" });
    });
    this.clear.addEventListener("click", () => onChange({ true: null, predicted: null }));
  }

  /** @param {MistakesView} view */
  update(view) {
    this.true.value = view.true === null ? "" : String(view.true);
    this.predicted.value = view.predicted === null ? "" : String(view.predicted);
    this.sort.value = view.sort;
    this.order.value = view.order;
    this.clear.hidden = view.true === null && view.predicted === null;
  }
}

/** @param {HTMLSelectElement} select */
function chosen(select) {
  return select.value === "" ? null : Number(select.value);
}
