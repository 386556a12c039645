/** State of the bug lab in its address: the bug with its layer, and a second bug with its own. */

/** @import {LabBug, LabBugChoice} from "../../../types/api.js" */
/** @import {ValuesOf} from "../core/url_state.js" */

import { optionalInteger, text } from "../core/url_state.js";

const MAX_LENGTH = 8; // characters of the id of a bug

export const CODECS = {
  bug: text(MAX_LENGTH),
  layer: optionalInteger(1),
  second: text(MAX_LENGTH),
  second_layer: optionalInteger(1),
};

/** @typedef {ValuesOf<typeof CODECS>} LabView */

/**
 * Return the bugs that an address chooses, the first of all bugs by default. An unknown bug is ignored, and a layer that
 * cannot have its bug stands for all layers.
 * @param {LabView} view
 * @param {readonly LabBug[]} bugs
 * @returns {LabBugChoice[]}
 */
export function chosenBugs(view, bugs) {
  const find = (/** @type {string} */ id) => bugs.find((bug) => bug.id === id);
  const first = find(view.bug) ?? bugs[0];
  const second = find(view.second);
  const choices = [choiceOf(first, view.layer)];
  if (second && second !== first) choices.push(choiceOf(second, view.second_layer));
  return choices;
}

/** @param {LabBug} bug @param {number | null} layer @returns {LabBugChoice} */
function choiceOf({ id, layers }, layer) {
  return { bug: id, layer: layer !== null && layers.includes(layer) ? layer : null };
}
