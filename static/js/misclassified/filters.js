/** The controls above the tiles: which images are listed, and in which order. */
import { byId, element, partOf, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { HISTORIES } from "./descriptions.js";
import { FilterPresets } from "./filter_presets.js";
import { isFiltered, NO_FILTER } from "./view_state.js";

/**
 * @typedef {import("./view_state.js").MistakesView} MistakesView
 * @typedef {import("../../../types/messages.js").HistoryKind} HistoryKind
 */

const KINDS = /** @type {HistoryKind[]} */ (Object.keys(HISTORIES));

/** What one looks for first: the most confident mistakes, but the smallest changes. */
const FIRST_LOWEST = ["index", "change"];

export class Filters {
  /**
   * @param {HTMLFormElement} form
   * @param {string[]} classNames
   * @param {(change: Partial<MistakesView>) => void} onChange
   */
  constructor(form, classNames, onChange) {
    this.onChange = onChange;
    this.quick = new FilterPresets(partOf(form, "quick"), onChange);
    /** @param {string} name @returns {HTMLSelectElement} */
    const select = (name) => /** @type {HTMLSelectElement} */ (form.elements.namedItem(name));
    this.true = select("true");
    this.predicted = select("predicted");
    this.history = select("history");
    this.sort = select("sort");
    this.order = select("order");
    /** @type {HTMLInputElement} */
    this.low = partOf(form, "low");
    /** @type {HTMLInputElement} */
    this.high = partOf(form, "high");
    this.meaning = byId("history-meaning");
    this.clear = byId("clear");
    for (const choice of [this.true, this.predicted]) {
      const classes = classNames.map((name, label) => element("option", { value: String(label) }, name));
      choice.replaceChildren(element("option", { value: "" }, "any"), ...classes);
    }
    this.histories = KINDS.map((value) => element("option", { value }, HISTORIES[value].name));
    this.history.replaceChildren(element("option", { value: "any" }, "any"), ...this.histories);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#listen();
  }

  #listen() {
    const { onChange, sort, order } = this;
    this.true.addEventListener("change", () => onChange({ true: chosen(this.true) }));
    this.predicted.addEventListener("change", () => onChange({ predicted: chosen(this.predicted) }));
    this.history.addEventListener("change", () =>
      onChange({ history: /** @type {MistakesView["history"]} */ (this.history.value) }),
    );
    order.addEventListener("change", () => onChange({ order: order.value === "asc" ? "asc" : "desc" }));
    sort.addEventListener("change", () => {
      const by = /** @type {MistakesView["sort"]} */ (sort.value);
      onChange({ sort: by, order: FIRST_LOWEST.includes(by) ? "asc" : "desc" });
    });
    this.low.addEventListener("change", () => this.#limit("min_confidence", this.low));
    this.high.addEventListener("change", () => this.#limit("max_confidence", this.high));
    this.clear.addEventListener("click", () => onChange(NO_FILTER));
  }

  /** @param {MistakesView} view */
  update(view) {
    this.quick.update(view);
    this.true.value = view.true === null ? "" : String(view.true);
    this.predicted.value = view.predicted === null ? "" : String(view.predicted);
    this.history.value = view.history;
    this.sort.value = view.sort;
    this.order.value = view.order;
    // What somebody is just typing stays, whatever is drawn meanwhile.
    if (document.activeElement !== this.low) this.low.value = inPercent(view.min_confidence);
    if (document.activeElement !== this.high) this.high.value = inPercent(view.max_confidence);
    setText(this.meaning, view.history === "any" ? "" : `${HISTORIES[view.history].meaning}`);
    this.meaning.hidden = view.history === "any";
    // Hidden, it would drop the focus of the person who just pressed it.
    setAttribute(this.clear, "aria-disabled", String(!isFiltered(view)));
  }

  /**
   * How many of all test images there are of each kind.
   * @param {Record<HistoryKind, number>} counts
   */
  showHistories(counts) {
    this.histories.forEach((option, place) => {
      setText(option, `${HISTORIES[KINDS[place]].name} (${count(counts[KINDS[place]])})`);
    });
  }

  /**
   * @param {"min_confidence" | "max_confidence"} name
   * @param {HTMLInputElement} input in percent
   */
  #limit(name, input) {
    const typed = input.valueAsNumber;
    const limit = Number.isNaN(typed) ? null : Math.round(10 * Math.min(100, Math.max(0, typed))) / 1000;
    input.value = inPercent(limit);
    const low = name === "min_confidence" ? limit : fractionOf(this.low);
    const high = name === "max_confidence" ? limit : fractionOf(this.high);
    const crossed = low !== null && high !== null && low > high;
    this.onChange({ min_confidence: crossed ? high : low, max_confidence: crossed ? low : high });
  }
}

/** @param {HTMLSelectElement} select */
function chosen(select) {
  return select.value === "" ? null : Number(select.value);
}

/** @param {number | null} fraction */
function inPercent(fraction) {
  return fraction === null ? "" : String(Math.round(1000 * fraction) / 10);
}

/** @param {HTMLInputElement} input in percent */
function fractionOf(input) {
  return Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber / 100;
}
