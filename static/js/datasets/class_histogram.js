/** Number of images of each class, as bars that select the class. */
import { element, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";

export class ClassHistogram {
  /**
   * @param {HTMLElement} list
   * @param {string[]} classNames
   * @param {(label: number | null) => void} onChoose null: every class
   */
  constructor(list, classNames, onChoose) {
    /** @type {number | null} */
    this.label = null;
    this.all = new ClassButton("All", () => onChoose(null));
    this.classes = classNames.map((name, label) => {
      return new ClassButton(name, () => onChoose(label === this.label ? null : label));
    });
    list.replaceChildren(...[this.all, ...this.classes].map((button) => button.line));
  }

  /**
   * @param {(number | null)[]} counts of each class; null while it is not known
   * @param {number | null} label the class that is chosen
   */
  update(counts, label) {
    this.label = label;
    const known = counts.filter((images) => images !== null);
    const most = Math.max(1, ...known);
    const total = known.reduce((sum, images) => sum + images, 0);
    this.all.update(known.length === counts.length ? total : null, 0, label === null);
    this.classes.forEach((button, place) => {
      button.update(counts[place], (counts[place] ?? 0) / most, place === label);
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
    this.button = element("button", { type: "button", className: "class-button" }, label, track, this.count);
    this.button.addEventListener("click", onClick);
    this.line = element("li", {}, this.button);
  }

  /**
   * @param {number | null} images
   * @param {number} width as a share of the widest
   * @param {boolean} chosen
   */
  update(images, width, chosen) {
    setText(this.count, images === null ? "" : count(images));
    this.bar.style.setProperty("width", `${(100 * width).toFixed(1)}%`);
    setAttribute(this.button, "aria-pressed", String(chosen));
  }
}
