/** Filter and sort controls above the image tiles. */
import { byId, element, partOf, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { HISTORIES } from "./descriptions.js";
import { FilterPresets } from "./filter_presets.js";
import { isFiltered, NO_FILTER } from "./view_state.js";

/**
 * @typedef {import("./view_state.js").ImageView} ImageView
 * @typedef {import("../../../types/api.js").HistoryKind} HistoryKind
 */

const HISTORY_KINDS = /** @type {HistoryKind[]} */ (Object.keys(HISTORIES));

/** Sort keys for which the lowest value comes first by default. */
const ASCENDING_FIRST = ["index", "change"];

export class Filters {
  /**
   * @param {HTMLFormElement} form
   * @param {string[]} classNames
   * @param {(change: Partial<ImageView>) => void} onChange
   */
  constructor(form, classNames, onChange) {
    this.onChange = onChange;
    this.presets = new FilterPresets(partOf(form, "filter-presets"), onChange);
    /** @param {string} name @returns {HTMLSelectElement} */
    const select = (name) => /** @type {HTMLSelectElement} */ (form.elements.namedItem(name));
    this.true = select("true");
    this.predicted = select("predicted");
    this.history = select("history");
    this.sort = select("sort");
    this.order = select("order");
    /** @type {HTMLInputElement} */
    this.minConfidence = partOf(form, "min-confidence");
    /** @type {HTMLInputElement} */
    this.maxConfidence = partOf(form, "max-confidence");
    this.historyMeaning = byId("history-meaning");
    this.clear = byId("clear");
    for (const choice of [this.true, this.predicted]) {
      const classes = classNames.map((name, label) => element("option", { value: String(label) }, name));
      choice.replaceChildren(element("option", { value: "" }, "any"), ...classes);
    }
    this.histories = HISTORY_KINDS.map((value) => element("option", { value }, HISTORIES[value].name));
    this.history.replaceChildren(element("option", { value: "any" }, "any"), ...this.histories);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#listen();
  }

  #listen() {
    const { onChange, sort, order } = this;
    this.true.addEventListener("change", () => onChange({ true: selectedLabel(this.true) }));
    this.predicted.addEventListener("change", () => onChange({ predicted: selectedLabel(this.predicted) }));
    this.history.addEventListener("change", () =>
      onChange({ history: /** @type {ImageView["history"]} */ (this.history.value) }),
    );
    order.addEventListener("change", () => onChange({ order: order.value === "asc" ? "asc" : "desc" }));
    sort.addEventListener("change", () => {
      const key = /** @type {ImageView["sort"]} */ (sort.value);
      onChange({ sort: key, order: ASCENDING_FIRST.includes(key) ? "asc" : "desc" });
    });
    this.minConfidence.addEventListener("change", () => this.#setLimit("min_confidence", this.minConfidence));
    this.maxConfidence.addEventListener("change", () => this.#setLimit("max_confidence", this.maxConfidence));
    this.clear.addEventListener("click", () => onChange(NO_FILTER));
  }

  /** Show the filters and the order of a view. @param {ImageView} view */
  update(view) {
    this.presets.update(view);
    this.true.value = view.true === null ? "" : String(view.true);
    this.predicted.value = view.predicted === null ? "" : String(view.predicted);
    this.history.value = view.history;
    this.sort.value = view.sort;
    this.order.value = view.order;
    // An update must not overwrite the text that a person is typing.
    if (document.activeElement !== this.minConfidence) this.minConfidence.value = toPercentText(view.min_confidence);
    if (document.activeElement !== this.maxConfidence) this.maxConfidence.value = toPercentText(view.max_confidence);
    setText(this.historyMeaning, view.history === "any" ? "" : HISTORIES[view.history].meaning);
    this.historyMeaning.hidden = view.history === "any";
    // Disable the button instead of hiding it, because a hidden button would lose the focus after a click.
    setAttribute(this.clear, "aria-disabled", String(!isFiltered(view)));
  }

  /**
   * Show the number of test images with each learning history.
   * @param {Record<HistoryKind, number>} counts
   */
  showHistoryCounts(counts) {
    this.histories.forEach((option, position) => {
      setText(option, `${HISTORIES[HISTORY_KINDS[position]].name} (${count(counts[HISTORY_KINDS[position]])})`);
    });
  }

  /**
   * Apply a confidence limit; swap the two limits if the lower exceeds the upper.
   * @param {"min_confidence" | "max_confidence"} name
   * @param {HTMLInputElement} input percentage field
   */
  #setLimit(name, input) {
    const percentage = input.valueAsNumber;
    const limit = Number.isNaN(percentage) ? null : Math.round(10 * Math.min(100, Math.max(0, percentage))) / 1000;
    input.value = toPercentText(limit);
    const low = name === "min_confidence" ? limit : readFraction(this.minConfidence);
    const high = name === "max_confidence" ? limit : readFraction(this.maxConfidence);
    const crossed = low !== null && high !== null && low > high;
    this.onChange({ min_confidence: crossed ? high : low, max_confidence: crossed ? low : high });
  }
}

/** Return the selected class, or null for any. @param {HTMLSelectElement} select */
function selectedLabel(select) {
  return select.value === "" ? null : Number(select.value);
}

/** Format a fraction as the value of a percentage field. @param {number | null} fraction */
function toPercentText(fraction) {
  return fraction === null ? "" : String(Math.round(1000 * fraction) / 10);
}

/** Return the fraction in a percentage field, or null if it is empty. @param {HTMLInputElement} input */
function readFraction(input) {
  return Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber / 100;
}
