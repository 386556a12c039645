/** Walk through the gradient check from the output to the input: what each layer shows. */

/** @import {LabLayerCheck} from "../../../types/api.js" */

/**
 * @typedef {"agrees" | "bug" | "contaminated" | "none"} LayerState `bug`: the first layer that disagrees, or one whose
 *   error is right but a gradient of which disagrees; `none`: nothing to compare
 * @typedef {{layer: number, state: LayerState, text: string, cells: LabLayerCheck[]}} WalkedLayer
 */

/**
 * Return the layers from the output to the input.
 *
 * The error of a layer comes from the layer after it. If both gradients of a layer disagree, its error may be wrong, so a
 * wrong gradient before it proves nothing. If one of them agrees, its error is right.
 * @param {readonly LabLayerCheck[]} checks
 * @returns {WalkedLayer[]}
 */
export function walkLayers(checks) {
  const layers = [...new Set(checks.map(({ layer }) => layer))].sort((a, b) => b - a);
  let isErrorWrong = false;
  /** Layers with a bug so far. @type {number[]} */
  const bugs = [];
  return layers.map((layer) => {
    const cells = checks.filter((check) => check.layer === layer);
    const compared = cells.filter(({ agrees, n_compared }) => n_compared > 0 || !agrees);
    const wrong = compared.filter(({ agrees }) => !agrees);
    /** @type {LayerState} */
    let state = "agrees";
    if (wrong.length) state = isErrorWrong && wrong.length === compared.length ? "contaminated" : "bug";
    else if (compared.length === 0) state = "none";
    if (compared.length) isErrorWrong = wrong.length === compared.length;
    const text = describeState(state, bugs.at(-1));
    if (state === "bug") bugs.push(layer);
    return { layer, state, text, cells };
  });
}

/** @param {LayerState} state @param {number | undefined} last the last layer with a bug, on the way to the input */
function describeState(state, last) {
  if (state === "agrees") return "✓ agrees";
  if (state === "contaminated") return `contaminated by layer ${last}: it may be right itself`;
  if (state === "none") return "nothing to compare";
  return last === undefined ? "✗ the bug is here" : "✗ a bug is here too";
}

/** Return the sentences about the ratio of a layer's gradients, each once. @param {WalkedLayer} layer */
export function ratioSentences({ cells }) {
  const wrong = cells.filter(({ agrees }) => !agrees);
  /** @type {Map<string, string[]>} */
  const kinds = new Map();
  for (const { kind, ratio_text } of wrong) kinds.set(ratio_text, [...(kinds.get(ratio_text) ?? []), kind]);
  const capitalize = (/** @type {string} */ word) => word[0].toUpperCase() + word.slice(1);
  return [...kinds].map(([text, names]) => `${capitalize(names.join(" and "))}: ${text}`);
}

/** Format a relative error: 0.905, 3.1e-7. @param {number} value */
export function relativeError(value) {
  if (value === 0) return "0";
  return value >= 1e-3 ? value.toPrecision(3) : value.toExponential(1);
}
