/** Tabs with one visible panel. Arrow keys move between the tabs. */
import { byId, setAttribute } from "../core/dom.js";

export class Tabs {
  /**
   * @param {HTMLElement} list contains the tabs, each with `data-tab` and `aria-controls`
   * @param {(name: string) => void} onChoose
   */
  constructor(list, onChoose) {
    this.list = list;
    /** @type {HTMLElement[]} */
    this.tabs = [...list.querySelectorAll("[data-tab]")].map((tab) => /** @type {HTMLElement} */ (tab));
    this.names = this.tabs.map((tab) => tab.dataset.tab ?? "");
    this.onChoose = onChoose;
    this.tabs.forEach((tab, index) => {
      tab.addEventListener("click", () => onChoose(this.names[index]));
      tab.addEventListener("keydown", (event) => this.#handleKey(event, index));
    });
  }

  /** @param {string} name */
  select(name) {
    this.tabs.forEach((tab, index) => {
      const chosen = this.names[index] === name;
      setAttribute(tab, "aria-selected", String(chosen));
      setAttribute(tab, "tabindex", chosen ? "0" : "-1");
      byId(tab.getAttribute("aria-controls") ?? "").hidden = !chosen;
      if (chosen) this.#scrollTo(tab);
    });
  }

  /** Scroll the list of tabs, but not the page, until `tab` is visible. @param {HTMLElement} tab */
  #scrollTo(tab) {
    const { list } = this;
    if (list.scrollWidth <= list.clientWidth) return;
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} index index of the focused tab
   */
  #handleKey(event, index) {
    const last = this.tabs.length - 1;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: index ? index - 1 : last,
      ArrowRight: index < last ? index + 1 : 0,
      Home: 0,
      End: last,
    };
    const next = targets[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.tabs[next].focus();
    this.onChoose(this.names[next]);
  }
}
