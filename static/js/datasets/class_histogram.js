/** Histogram of the classes. A click on a bar selects its class. */
import { element, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";

export class ClassHistogram {
  /**
   * @param {HTMLElement} list
   * @param {string[]} classNames
   * @param {(label: number | null) => void} onChoose null for all classes
   */
  constructor(list, classNames, onChoose) {
    /** @type {number | null} */
    this.label = null;
    this.all = new ClassButton("All", () => onChoose(null));
    this.classes = classNames.map((name, label) => {
      return new ClassButton(name, () => onChoose(label === this.label ? null : label));
    });
    list.replaceChildren(...[this.all, ...this.classes].map((button) => button.item));
  }

  /**
   * Show the counts, and mark the chosen class.
   * @param {(number | null)[]} counts number of images of each class; null until it is loaded
   * @param {number | null} label chosen class
   */
  update(counts, label) {
    this.label = label;
    const loaded = counts.filter((images) => images !== null);
    const largest = Math.max(1, ...loaded);
    const total = loaded.reduce((sum, images) => sum + images, 0);
    this.all.update(loaded.length === counts.length ? total : null, 0, label === null);
    this.classes.forEach((button, index) => {
      button.update(counts[index], (counts[index] ?? 0) / largest, index === label);
    });
  }
}

class ClassButton {
  /**
   * @param {string} name
   * @param {() => void} onClick
   */
  constructor(name, onClick) {
    this.bar = element("span", { className: "class-bar" });
    this.count = element("span", { className: "class-count num" });
    const label = element("span", { className: "class-name" }, name);
    const track = element("span", { className: "class-track", ariaHidden: "true" }, this.bar);
    this.button = element("button", { type: "button", className: "row-button class-button" }, label, track, this.count);
    this.button.addEventListener("click", onClick);
    this.item = element("li", {}, this.button);
  }

  /**
   * @param {number | null} images number of images; null until it is loaded
   * @param {number} width fraction of the width of the longest bar
   * @param {boolean} chosen
   */
  update(images, width, chosen) {
    setText(this.count, images === null ? "" : count(images));
    this.bar.style.setProperty("width", `${(100 * width).toFixed(1)}%`);
    setAttribute(this.button, "aria-pressed", String(chosen));
  }
}
