/** Template of the gradient check: a walk through the layers from the output to the input. */

/** @import {LabLayerCheck, LabMatch, LabRun} from "../../../types/api.js" */
/** @import {WalkedLayer} from "./layer_walk.js" */

import { count } from "../core/format.js";
import { html, nothing } from "../core/html.js";
import { ratioSentences, relativeError, walkLayers } from "./layer_walk.js";

/** @param {LabRun} run */
export function gradientCheck(run) {
  const layers = walkLayers(run.gradient_check);
  return html`
    <h2 id="check-title" tabindex="-1">Gradient check, from the output to the input</h2>
    <p class="small text-body-secondary mb-0">The gradient of the network with the bug, compared with finite differences
      of its cost on the first batch. The error δ flows from the output to the input, so the first layer that disagrees
      has the bug.</p>
    <ol class="lab-walk" aria-label="Layers from the output to the input">
      ${layers.map((layer) => layerBox(layer, layers.length))}
    </ol>
    <p class="mb-0" data-part="check-result">${checkResult(run)}</p>`;
}

/** @param {WalkedLayer} layer @param {number} last */
function layerBox(layer, last) {
  const { layer: number, state, text, cells } = layer;
  const name = number === last ? " · output" : number === 1 ? " · at the input" : "";
  return html`<li class="lab-layer" data-layer=${number} data-state=${state}>
    <h3>Layer ${number}${name}</h3>
    <div class="lab-cells">${cells.map(cellBox)}</div>
    <p class="lab-state">${text}</p>
    ${state === "bug" ? ratioSentences(layer).map((text) => html`<p class="small mb-0">${text}</p>`) : nothing}
  </li>`;
}

/** @param {LabLayerCheck} check */
function cellBox({ kind, agrees, relative_error, n_compared }) {
  const isCompared = n_compared > 0 || !agrees;
  const verdict = isCompared ? (agrees ? "✓ agrees" : "✗ disagrees") : "not compared";
  return html`<div class="lab-cell" data-kind=${kind} data-agrees=${isCompared ? String(agrees) : "unknown"}>
    <span class="fw-semibold">${kind}</span>
    <span class="lab-verdict">${verdict}</span>
    <span class="small num">relative error ${relativeError(relative_error)}</span>
    <span class="small num">${count(n_compared)} compared</span>
  </div>`;
}

/** Return the sentences about the whole check. @param {LabRun} run */
function checkResult({ first_disagreement: found, match, hidden, guessed }) {
  if (!found) return "All gradients agree. If this network does not learn, the fault is outside of its gradient.";
  if (hidden && !guessed) return found.text;
  return html`${found.text} <strong>${describeMatches(match ?? [])}</strong>`;
}

/** Return which known bugs return exactly this gradient. @param {readonly LabMatch[]} matches */
export function describeMatches(matches) {
  if (matches.length === 0) return "No single known bug returns exactly this gradient.";
  const names = matches.map(({ bug, title, layer }) => {
    const place = layer === null ? "" : ` in layer ${layer}`;
    return `${bug}${place} (${title[0].toLowerCase()}${title.slice(1)})`;
  });
  return `Exactly the gradient of ${names.join(" and of ")}.`;
}
