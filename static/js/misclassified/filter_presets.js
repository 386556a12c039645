/** The filters that one wants most often, as a row of buttons of which one is pressed. */
import { element, setAttribute } from "../core/dom.js";
import { NO_FILTER } from "./view_state.js";

/** @typedef {import("./view_state.js").MistakesFilter} MistakesFilter */

/** What a choice decides; class and history are chosen apart from it. */
const DECIDED = /** @type {const} */ ([
  "answer",
  "min_confidence",
  "max_confidence",
  "max_margin",
  "flagged",
  "suspects",
]);

/** @typedef {Pick<MistakesFilter, typeof DECIDED[number]>} Decision */

/** @type {{name: string, meaning: string, choice: Partial<Decision>}[]} */
const CHOICES = [
  { name: "All mistakes", meaning: "Every image that is read wrong", choice: {} },
  {
    name: "Confidently wrong",
    meaning: "Read wrong with a confidence of 90% or more",
    choice: { min_confidence: 0.9 },
  },
  {
    name: "Nearly right",
    meaning: "The true class is at most 0.1 behind the predicted one",
    choice: { max_margin: 0.1 },
  },
  {
    name: "Label suspects",
    meaning: "The network says another class as surely as it usually says that class: the label may be the mistake",
    choice: { suspects: true },
  },
  { name: "Flagged", meaning: "What people flagged, read right or wrong", choice: { flagged: "true", answer: "any" } },
  { name: "Right too", meaning: "All test images, read right or wrong", choice: { answer: "any" } },
  { name: "Right", meaning: "Every image that is read right", choice: { answer: "right" } },
];

export class FilterPresets {
  /**
   * @param {HTMLElement} parent
   * @param {(change: Decision) => void} onChange
   */
  constructor(parent, onChange) {
    this.choices = CHOICES.map(({ name, meaning, choice }) => {
      const decision = decided({ ...NO_FILTER, ...choice });
      const button = element("button", { type: "button", className: "chip", title: meaning }, name);
      button.addEventListener("click", () => onChange(decision));
      return { decision, button };
    });
    parent.replaceChildren(...this.choices.map(({ button }) => button));
  }

  /** @param {MistakesFilter} view */
  update(view) {
    for (const { decision, button } of this.choices) {
      setAttribute(button, "aria-pressed", String(DECIDED.every((name) => view[name] === decision[name])));
    }
  }
}

/** @param {MistakesFilter} filter @returns {Decision} */
function decided({ answer, min_confidence, max_confidence, max_margin, flagged, suspects }) {
  return { answer, min_confidence, max_confidence, max_margin, flagged, suspects };
}
