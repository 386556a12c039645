/**
 * Menu of presets, with note, source, published result and result here.
 *
 * @typedef {import("../../../types/api.js").Preset} Preset
 */

import { byId, element, setText } from "../core/dom.js";

export class PresetPicker {
  /**
   * @param {readonly Preset[]} presets
   * @param {(preset: Preset | null) => void} onChoose null: the schema's defaults
   */
  constructor(presets, onChoose) {
    this.presets = presets;
    this.select = /** @type {HTMLSelectElement} */ (byId("preset"));
    const groups = [...new Set(presets.map(({ group }) => group))];
    const choices = groups.map((group) => {
      const options = presets.filter((preset) => preset.group === group);
      const elements = options.map(({ id, title }) => element("option", { value: id }, title));
      return element("optgroup", { label: group }, ...elements);
    });
    this.select.replaceChildren(...choices, element("option", { value: "" }, "Defaults"));
    this.select.addEventListener("change", () => {
      this.#describe();
      onChoose(this.chosen);
    });
  }

  /** @returns {Preset | null} */
  get chosen() {
    return this.presets.find(({ id }) => id === this.select.value) ?? null;
  }

  /** @param {Preset | null} preset */
  choose(preset) {
    this.select.value = preset?.id ?? "";
    this.#describe();
  }

  #describe() {
    const { chosen } = this;
    setText(byId("preset-note"), chosen?.note ?? "Every hyperparameter at its default value.");
    const facts = {
      published: chosen?.published ?? "",
      checked: chosen?.checked ?? "",
      reached: chosen?.reached ?? "",
      source: chosen?.source ?? "",
    };
    for (const [name, text] of Object.entries(facts)) {
      setText(byId(`preset-${name}`), text);
      const row = byId(`preset-${name}`).parentElement;
      if (row) row.hidden = text === "";
    }
  }
}
