/** Filter and sort controls above the image tiles. */
import { count } from "../core/format.js";
import { html, live, render } from "../core/html.js";
import { HISTORIES } from "./descriptions.js";
import { isPresetOf, orderLimits, PRESETS, toFraction, toPercentText } from "./filter_values.js";

/**
 * @typedef {import("./view_state.js").ImageView} ImageView
 * @typedef {import("../../../types/api.js").HistoryKind} HistoryKind
 */

const HISTORY_KINDS = /** @type {HistoryKind[]} */ (Object.keys(HISTORIES));

/** @type {[ImageView["sort"], string][]} */
const SORTS = [
  ["confidence", "confidence"],
  ["loss", "loss"],
  ["margin", "margin"],
  ["change", "smallest change"],
  ["learned", "epoch learned"],
  ["index", "index"],
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
    const classes = [["", "any"], ...classNames.map((name, label) => [String(label), name])];
    const histories = [["any", "any"], ...HISTORY_KINDS.map((kind) => [kind, this.#historyName(kind)])];
    const meaning = view.history === "any" ? "" : HISTORIES[view.history].meaning;
    render(
      html`<div class="filter-row hstack flex-wrap gap-1" role="group" aria-label="Common filters">
          ${PRESETS.map(
            ({ name, meaning: title, filter }) =>
              html`<button
                class="btn btn-outline-secondary btn-sm rounded-pill text-nowrap"
                type="button"
                title=${title}
                aria-pressed=${isPresetOf(filter, view)}
                @click=${() => store.filter(filter)}
                >${name}</button
              >`,
          )}
        </div>
        <div class="filter-fields">
          ${this.#select("true", "True", classes, (value) => ({ true: toLabel(value) }))}
          ${this.#select("predicted", "Predicted", classes, (value) => ({ predicted: toLabel(value) }))}
          ${this.#select("history", "Learned", histories, (value) => ({
            history: /** @type {ImageView["history"]} */ (value),
          }))}
          <fieldset>
            <legend class="filter-label">Confidence, %</legend>
            <div class="hstack gap-1">
              ${this.#limit("min_confidence", "Lowest")} <span aria-hidden="true">–</span>
              ${this.#limit("max_confidence", "Highest")}
            </div>
          </fieldset>
        </div>
        <div class="list-order hstack flex-wrap gap-2 small">
          <label class="hstack gap-2 text-body-secondary text-nowrap"
            >Sort by
            ${this.#options("sort", SORTS, (value) => {
              const sort = /** @type {ImageView["sort"]} */ (value);
              return { sort, order: ASCENDING_FIRST.includes(sort) ? "asc" : "desc" };
            })}
          </label>
          <label
            ><span class="visually-hidden">Order</span>
            ${this.#options(
              "order",
              [
                ["desc", "highest first"],
                ["asc", "lowest first"],
              ],
              (value) => ({ order: value === "asc" ? "asc" : "desc" }),
            )}
          </label>
          <button
            class="btn btn-link btn-sm ms-auto"
            id="clear"
            type="button"
            data-action="clear-filters"
            aria-disabled=${!actions.applies("clear-filters")}
            >Clear filters</button
          >
        </div>
        <p class="filter-row small text-body-secondary mb-0" id="history-meaning" ?hidden=${!meaning}>${meaning}</p>`,
      this.form,
    );
  }

  /**
   * Template of a labeled select.
   * @param {"true" | "predicted" | "history"} name
   * @param {string} label
   * @param {string[][]} options value and text of each
   * @param {(value: string) => Partial<ImageView>} read
   */
  #select(name, label, options, read) {
    return html`<label><span class="filter-label">${label}</span> ${this.#options(name, options, read)}</label>`;
  }

  /**
   * Template of a select.
   * @param {"true" | "predicted" | "history" | "sort" | "order"} name
   * @param {string[][]} options value and text of each
   * @param {(value: string) => Partial<ImageView>} read
   */
  #options(name, options, read) {
    const { store } = this;
    const selected = String(store.view[name] ?? "");
    const select = (/** @type {Event} */ { target }) =>
      store.filter(read(/** @type {HTMLSelectElement} */ (target).value));
    return html`<select
      class="form-select form-select-sm"
      name=${name}
      aria-describedby=${name === "history" ? "history-meaning" : ""}
      @change=${select}
    >
      ${options.map(
        ([value, text]) => html`<option value=${value} .selected=${live(value === selected)}>${text}</option>`,
      )}
    </select>`;
  }

  /**
   * Template of a percentage field. Drawing must not overwrite the text that a person is typing.
   * @param {"min_confidence" | "max_confidence"} name
   * @param {"Lowest" | "Highest"} end
   */
  #limit(name, end) {
    const { activeElement } = document;
    const typing = activeElement instanceof HTMLInputElement && activeElement.dataset.limit === name;
    return html`<input
      class="form-control form-control-sm num"
      type="number"
      data-limit=${name}
      min="0"
      max="100"
      step="any"
      inputmode="decimal"
      placeholder=${end === "Lowest" ? "0" : "100"}
      aria-label="${end} confidence in percent"
      .value=${live(typing ? activeElement.value : toPercentText(this.store.view[name]))}
      @change=${this.#setLimits}
    />`;
  }

  #setLimits = (/** @type {Event} */ { target }) => {
    const changed = /** @type {HTMLInputElement} */ (target);
    changed.value = toPercentText(toFraction(changed.valueAsNumber));
    const [low, high] = /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("[data-limit]")]);
    this.store.filter(orderLimits(toFraction(low.valueAsNumber), toFraction(high.valueAsNumber)));
  };

  /** Return the name of a learning history, with its number of images if it is known. @param {HistoryKind} kind */
  #historyName(kind) {
    const { name } = HISTORIES[kind];
    return this.historyCounts ? `${name} (${count(this.historyCounts[kind])})` : name;
  }
}

/** Return the selected class, or null for any. @param {string} value */
function toLabel(value) {
  return value === "" ? null : Number(value);
}
