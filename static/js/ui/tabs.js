/** Tabs with one visible panel; arrow keys move between them. */
import { byId, setAttribute } from "../core/dom.js";

export class Tabs {
  /**
   * @param {HTMLElement} list holds the tabs, each with `data-tab` and the id of its panel
   * @param {(name: string) => void} onChoose
   */
  constructor(list, onChoose) {
    this.list = list;
    /** @type {HTMLElement[]} */
    this.tabs = [...list.querySelectorAll("[data-tab]")].map((tab) => /** @type {HTMLElement} */ (tab));
    this.names = this.tabs.map((tab) => tab.dataset.tab ?? "");
    this.onChoose = onChoose;
    this.tabs.forEach((tab, place) => {
      tab.addEventListener("click", () => onChoose(this.names[place]));
      tab.addEventListener("keydown", (event) => this.#press(event, place));
    });
  }

  /** @param {string} name */
  select(name) {
    this.tabs.forEach((tab, place) => {
      const chosen = this.names[place] === name;
      setAttribute(tab, "aria-selected", String(chosen));
      setAttribute(tab, "tabindex", chosen ? "0" : "-1");
      byId(tab.getAttribute("aria-controls") ?? "").hidden = !chosen;
      if (chosen) this.#bringIntoSight(tab);
    });
  }

  /** Scroll a tab into view without moving the page. @param {HTMLElement} tab */
  #bringIntoSight(tab) {
    const { list } = this;
    if (list.scrollWidth <= list.clientWidth) return;
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  #press(event, place) {
    const last = this.tabs.length - 1;
    /** @type {Record<string, number>} */
    const places = {
      ArrowLeft: place ? place - 1 : last,
      ArrowRight: place < last ? place + 1 : 0,
      Home: 0,
      End: last,
    };
    const next = places[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.tabs[next].focus();
    this.onChoose(this.names[next]);
  }
}
