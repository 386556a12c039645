/** Filter and sort controls above the image tiles. */
import { count } from "../core/format.js";
import { html, render } from "../core/html.js";
import { selectOptions } from "../ui/choices.js";
import { HISTORIES } from "./descriptions.js";
import { isPresetOf, orderLimits, PRESETS, toFraction, toPercentText } from "./filter_values.js";

/**
 * @import {HistoryKind} from "../../../types/api.js"
 * @import {ImageView} from "./view_state.js"
 * @typedef {"min_confidence" | "max_confidence"} LimitName
 */

const HISTORY_KINDS = /** @type {HistoryKind[]} */ (Object.keys(HISTORIES));

/** Sort keys, each with its text. @type {[string, string][]} */
const SORTS = [
  ["confidence", "confidence"],
  ["loss", "loss"],
  ["margin", "margin"],
  ["change", "smallest change"],
  ["learned", "epoch learned"],
  ["label_error", "label error"],
  ["index", "index"],
];
/** @type {[string, string][]} */
const ORDERS = [
  ["desc", "highest first"],
  ["asc", "lowest first"],
];

/** Sort keys for which the lowest value comes first by default. */
const ASCENDING_FIRST = ["index", "change"];

export class Filters {
  /**
   * @param {HTMLElement} form
   * @param {import("./view_store.js").ViewStore} store
   * @param {import("../ui/actions.js").ActionTable} actions
   */
  constructor(form, store, actions) {
    this.form = form;
    this.store = store;
    this.actions = actions;
    /** Number of test images with each learning history. @type {Record<HistoryKind, number> | null} */
    this.historyCounts = null;
    /** Limits of the confidence and their texts. @type {Record<LimitName, {limit: number | null, text: string}>} */
    this.limits = { min_confidence: { limit: null, text: "" }, max_confidence: { limit: null, text: "" } };
    form.addEventListener("submit", (event) => event.preventDefault());
    store.subscribe("view", () => this.draw());
  }

  /** @param {Record<HistoryKind, number>} counts */
  showHistoryCounts(counts) {
    this.historyCounts = counts;
    this.draw();
  }

  draw() {
    const { store, actions } = this;
    const { view, classNames } = store;
    const labels = classNames.map((name, label) => /** @type {const} */ ([String(label), name]));
    const names = HISTORY_KINDS.map((kind) => /** @type {const} */ ([kind, this.#historyName(kind)]));
    const meaning =
      view.history === "any" ? "" : `Epochs 1 to ${count(store.epoch)}: ${HISTORIES[view.history].meaning}`;
    render(
      html`<div class="filter-row hstack flex-wrap gap-1" role="group" aria-label="Common filters">
          ${PRESETS.map((preset) => this.#preset(preset))}
        </div>
        <div class="filter-fields">
          <label><span class="filter-label">True</span> ${this.#select("true", [["", "any"], ...labels])}</label>
          <label><span class="filter-label">Predicted</span> ${this.#select("predicted", [["", "any"], ...labels])}</label>
          <label><span class="filter-label">Learned</span> ${this.#select("history", [["any", "any"], ...names])}</label>
          <fieldset>
            <legend class="filter-label">Confidence, %</legend>
            <div class="hstack gap-1">
              ${this.#limit("min_confidence", "Lowest", 0)} <span aria-hidden="true">–</span>
              ${this.#limit("max_confidence", "Highest", 100)}
            </div>
          </fieldset>
        </div>
        <div class="list-order hstack flex-wrap gap-2 small">
          <label class="hstack gap-2 text-body-secondary text-nowrap">Sort by ${this.#select("sort", SORTS)}</label>
          <label><span class="visually-hidden">Order</span> ${this.#select("order", ORDERS)}</label>
          <button class="btn btn-link btn-sm ms-auto" id="clear" type="button" data-action="clear-filters"
            aria-disabled=${!actions.applies("clear-filters")}>Clear filters</button>
        </div>
        <p class="filter-row small text-body-secondary mb-0" id="history-meaning" ?hidden=${!meaning}>${meaning}</p>`,
      this.form,
    );
  }

  /** @param {typeof PRESETS[number]} preset */
  #preset({ name, meaning, filter }) {
    return html`<button class="btn btn-outline-secondary btn-sm rounded-pill text-nowrap" type="button" title=${meaning}
      aria-pressed=${isPresetOf(filter, this.store.view)} @click=${() => this.store.filter(filter)}>${name}</button>`;
  }

  /**
   * @param {"true" | "predicted" | "history" | "sort" | "order"} name
   * @param {readonly (readonly [value: string, text: string])[]} options
   */
  #select(name, options) {
    const { store } = this;
    const change = (/** @type {Event} */ { target }) =>
      store.filter(readSelect(name, /** @type {HTMLSelectElement} */ (target).value));
    return html`<select class="form-select form-select-sm" name=${name} @change=${change}
      aria-describedby=${name === "history" ? "history-meaning" : ""}>
      ${selectOptions(options, String(store.view[name] ?? ""))}
    </select>`;
  }

  /**
   * Template of a percentage field. Drawing must not overwrite the text of a field that has the focus.
   * @param {LimitName} name
   * @param {"Lowest" | "Highest"} end
   * @param {number} extreme
   */
  #limit(name, end, extreme) {
    const limit = this.store.view[name];
    if (limit !== this.limits[name].limit) {
      const { activeElement: field } = document;
      const isFocused = field instanceof HTMLInputElement && field.dataset.limit === name;
      this.limits[name] = { limit, text: isFocused ? field.value : toPercentText(limit) };
    }
    return html`<input class="form-control form-control-sm num" type="number" data-limit=${name} min="0" max="100"
      step="any" inputmode="decimal" placeholder=${extreme} aria-label="${end} confidence in percent"
      .value=${this.limits[name].text} @change=${this.#setLimits} />`;
  }

  /** Filter by the limits, and show them in order and rounded, also in the field that has the focus. */
  #setLimits = () => {
    const [low, high] = /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("[data-limit]")]);
    const limits = orderLimits(toFraction(low.valueAsNumber), toFraction(high.valueAsNumber));
    low.value = toPercentText(limits.min_confidence);
    high.value = toPercentText(limits.max_confidence);
    this.store.filter(limits);
  };

  /** Return the name of a learning history, with its number of images if it is known. @param {HistoryKind} kind */
  #historyName(kind) {
    const { name } = HISTORIES[kind];
    return this.historyCounts ? `${name} (${count(this.historyCounts[kind])})` : name;
  }
}

/**
 * Return the change of the view after a person selected an option.
 * @param {"true" | "predicted" | "history" | "sort" | "order"} name
 * @param {string} value
 * @returns {Partial<ImageView>}
 */
export function readSelect(name, value) {
  if (name === "true" || name === "predicted") return { [name]: value === "" ? null : Number(value) };
  const change = /** @type {Partial<ImageView>} */ ({ [name]: value });
  return name === "sort" ? { ...change, order: ASCENDING_FIRST.includes(value) ? "asc" : "desc" } : change;
}
