/** Row of buttons for common filters; the button of the current filter is pressed. */
import { element, setAttribute } from "../core/dom.js";
import { NO_FILTER } from "./view_state.js";

/** @typedef {import("./view_state.js").ImageFilter} ImageFilter */

/** Filters that a preset sets; it leaves class and learning history alone. */
const PRESET_FILTERS = /** @type {const} */ ([
  "answer",
  "min_confidence",
  "max_confidence",
  "max_margin",
  "flagged",
  "suspects",
]);

/** @typedef {Pick<ImageFilter, typeof PRESET_FILTERS[number]>} PresetFilter */

/** @type {{name: string, meaning: string, choice: Partial<PresetFilter>}[]} */
const PRESETS = [
  { name: "Misclassified", meaning: "All misclassified images", choice: {} },
  {
    name: "Confidently misclassified",
    meaning: "Misclassified with a confidence of 90% or more",
    choice: { min_confidence: 0.9 },
  },
  {
    name: "Nearly correct",
    meaning: "Misclassified, but the output of the true class is at most 0.1 below that of the predicted class",
    choice: { max_margin: 0.1 },
  },
  {
    name: "Label suspects",
    meaning:
      "The network predicts another class with at least its average confidence for that class, so the label itself may be wrong",
    choice: { suspects: true },
  },
  {
    name: "Flagged",
    meaning: "All flagged images, correct or misclassified",
    choice: { flagged: "true", answer: "any" },
  },
  { name: "Include correct", meaning: "All test images, correct or misclassified", choice: { answer: "any" } },
  { name: "Correct", meaning: "All correctly classified images", choice: { answer: "right" } },
];

export class FilterPresets {
  /**
   * @param {HTMLElement} parent
   * @param {(change: PresetFilter) => void} onChange
   */
  constructor(parent, onChange) {
    this.presets = PRESETS.map(({ name, meaning, choice }) => {
      const filter = pickPresetFilter({ ...NO_FILTER, ...choice });
      const button = element("button", { type: "button", className: "chip", title: meaning }, name);
      button.addEventListener("click", () => onChange(filter));
      return { filter, button };
    });
    parent.replaceChildren(...this.presets.map(({ button }) => button));
  }

  /** Press the button of the current filter. @param {ImageFilter} view */
  update(view) {
    for (const { filter, button } of this.presets) {
      setAttribute(button, "aria-pressed", String(PRESET_FILTERS.every((name) => view[name] === filter[name])));
    }
  }
}

/** Return only the filters that a preset sets. @param {ImageFilter} filter @returns {PresetFilter} */
function pickPresetFilter({ answer, min_confidence, max_confidence, max_margin, flagged, suspects }) {
  return { answer, min_confidence, max_confidence, max_margin, flagged, suspects };
}
