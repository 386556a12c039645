/**
 * Menu of presets, with the note, source, published result and measured result of the selected preset.
 *
 * @typedef {import("../../../types/api.js").Preset} Preset
 */

import { byId, element, setText } from "../core/dom.js";

export class PresetPicker {
  /**
   * @param {readonly Preset[]} presets
   * @param {(preset: Preset | null) => void} onChoose called with null for the schema's defaults
   */
  constructor(presets, onChoose) {
    this.presets = presets;
    this.menu = /** @type {HTMLSelectElement} */ (byId("preset"));
    const groups = [...new Set(presets.map(({ group }) => group))];
    const choices = groups.map((group) => {
      const options = presets.filter((preset) => preset.group === group);
      const elements = options.map(({ id, title }) => element("option", { value: id }, title));
      return element("optgroup", { label: group }, ...elements);
    });
    this.menu.replaceChildren(...choices, element("option", { value: "" }, "Defaults"));
    this.menu.addEventListener("change", () => {
      this.#showDescription();
      onChoose(this.selected);
    });
  }

  /** Selected preset, or null for the schema's defaults. @returns {Preset | null} */
  get selected() {
    return this.presets.find(({ id }) => id === this.menu.value) ?? null;
  }

  /** Select a preset. @param {Preset | null} preset null selects the schema's defaults */
  select(preset) {
    this.menu.value = preset?.id ?? "";
    this.#showDescription();
  }

  #showDescription() {
    const { selected } = this;
    setText(byId("preset-note"), selected?.note ?? "Every hyperparameter at its default value.");
    const facts = {
      published: selected?.published ?? "",
      checked: selected?.checked ?? "",
      reached: selected?.reached ?? "",
      source: selected?.source ?? "",
    };
    for (const [name, text] of Object.entries(facts)) {
      setText(byId(`preset-${name}`), text);
      const row = byId(`preset-${name}`).parentElement;
      if (row) row.hidden = text === "";
    }
  }
}
