/** Menu of presets, with the note, source, published result and measured result of the selected preset. */

/** @import {Preset} from "../../../types/api.js" */

import { html } from "../core/html.js";
import { selectOptions } from "../ui/choices.js";

/**
 * Return the template of the menu.
 * @param {readonly Preset[]} presets
 * @param {Preset | null} selected null for the schema's defaults
 * @param {(preset: Preset | null) => void} onChoose
 */
export function presetTemplate(presets, selected, onChoose) {
  const groups = [...new Set(presets.map(({ group }) => group))];
  const optionsOf = (/** @type {string} */ group) =>
    selectOptions(
      presets.filter((preset) => preset.group === group).map(({ id, title }) => [id, title]),
      selected?.id ?? "",
    );
  const choose = (/** @type {{currentTarget: HTMLSelectElement}} */ { currentTarget }) =>
    onChoose(presets.find(({ id }) => id === currentTarget.value) ?? null);
  const facts = [
    ["Published", selected?.published],
    ["Reproduced", selected?.checked],
    ["In Misfit", selected?.reached],
    ["Source", selected?.source],
  ].filter(([, text]) => text);
  return html`<div>
    <label class="form-label" for="preset">Preset</label>
    <select class="form-select" id="preset" aria-describedby="preset-note" @change=${choose}>
      ${groups.map((group) => html`<optgroup label=${group}>${optionsOf(group)}</optgroup>`)}
      ${selectOptions([["", "Defaults"]], selected?.id ?? "")}
    </select>
    <p class="form-text mb-0" id="preset-note">${selected?.note ?? "Every hyperparameter at its default value."}</p>
    <dl class="preset-facts row gx-2 small mt-2 mb-0" ?hidden=${facts.length === 0}>
      ${facts.map(
        ([name, text]) =>
          html`<dt class="col-3 fw-normal text-body-secondary">${name}</dt><dd class="col-9 mb-0">${text}</dd>`,
      )}
    </dl>
  </div>`;
}
