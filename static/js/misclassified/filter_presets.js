/** Buttons for common filters. The button of the current filter appears pressed. */
import { element, setAttribute } from "../core/dom.js";
import { NO_FILTER } from "./view_state.js";

/** @typedef {import("./view_state.js").ImageFilter} ImageFilter */

// A button sets every filter except those of the classes and the learning history.
const { true: _true, predicted: _predicted, history: _history, ...DEFAULTS } = NO_FILTER;

/** @typedef {typeof DEFAULTS} PresetFilter */

/** @type {{name: string, meaning: string, filters: Partial<PresetFilter>}[]} */
const PRESETS = [
  { name: "Misclassified", meaning: "All misclassified images", filters: {} },
  {
    name: "Confidently misclassified",
    meaning: "Misclassified with a confidence of 90% or more",
    filters: { min_confidence: 0.9 },
  },
  {
    name: "Nearly correct",
    meaning: "Misclassified, but the output of the true class is at most 0.1 below that of the predicted class",
    filters: { max_margin: 0.1 },
  },
  {
    name: "Label suspects",
    meaning:
      "The network predicts another class with at least its average confidence for that class, so the label itself may be wrong",
    filters: { suspects: true },
  },
  {
    name: "Flagged",
    meaning: "All flagged images, correct or misclassified",
    filters: { flagged: "true", answer: "any" },
  },
  { name: "Include correct", meaning: "All test images, correct or misclassified", filters: { answer: "any" } },
  { name: "Correct", meaning: "All correctly classified images", filters: { answer: "right" } },
];

export class FilterPresets {
  /**
   * @param {HTMLElement} parent
   * @param {(change: PresetFilter) => void} onChange
   */
  constructor(parent, onChange) {
    this.presets = PRESETS.map(({ name, meaning, filters }) => {
      const filter = { ...DEFAULTS, ...filters };
      const button = element("button", { type: "button", className: "chip", title: meaning }, name);
      button.addEventListener("click", () => onChange(filter));
      return { filter, button };
    });
    parent.replaceChildren(...this.presets.map(({ button }) => button));
  }

  /** Show the button of the current filter as pressed. @param {ImageFilter} view */
  update(view) {
    for (const { filter, button } of this.presets) {
      const names = /** @type {(keyof PresetFilter)[]} */ (Object.keys(filter));
      setAttribute(button, "aria-pressed", String(names.every((name) => view[name] === filter[name])));
    }
  }
}
