/** Tabs with one visible panel. Arrow keys move between the tabs. */
import { byId } from "../core/dom.js";
import { nextPosition } from "./arrow_keys.js";

const KEYS = { back: ["ArrowLeft"], forward: ["ArrowRight"], wraps: true };

export class Tabs {
  /**
   * @param {HTMLElement} list contains the tabs, each with `data-tab` and `aria-controls`
   * @param {(name: string) => void} onChoose
   */
  constructor(list, onChoose) {
    this.tabs = /** @type {HTMLElement[]} */ ([...list.children]).map((tab, position) => {
      const name = tab.dataset.tab ?? "";
      tab.addEventListener("click", () => onChoose(name));
      tab.addEventListener("keydown", (event) => this.#handleKey(event, position));
      return { tab, name, panel: byId(tab.getAttribute("aria-controls") ?? "") };
    });
    this.onChoose = onChoose;
  }

  /** Select a tab, and show its panel. @param {string} selected */
  select(selected) {
    for (const { tab, name, panel } of this.tabs) {
      tab.classList.toggle("active", name === selected);
      tab.ariaSelected = String(name === selected);
      tab.tabIndex = name === selected ? 0 : -1;
      panel.hidden = name !== selected;
    }
  }

  /** @param {KeyboardEvent} event @param {number} position position of the focused tab */
  #handleKey(event, position) {
    const next = nextPosition(event, position, this.tabs.length - 1, KEYS);
    if (next === null) return;
    event.preventDefault();
    this.tabs[next].tab.focus();
    this.onChoose(this.tabs[next].name);
  }
}
