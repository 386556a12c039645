/** What a run would need, in words, and the reasons to ask before it starts. */

/** @import {HyperparameterCheck, RunEstimate} from "../../../types/api.js" */

import { count, roughBytes, roughDuration } from "../core/format.js";
import { html } from "../core/html.js";

const MAX_FRACTION_OF_FREE_MEMORY = 0.5; // a run that needs more starts after a question
const MAX_SECONDS_PER_EPOCH = 60;

/** Describe memory and time: "About 219 MB of memory and 2 s per epoch". @param {RunEstimate} estimate */
export function describeEstimate({ bytes: size, seconds_per_epoch: seconds }) {
  return `About ${roughBytes(size)} of memory and ${roughDuration(seconds)} per epoch`;
}

/**
 * Return the description of a network, and below it what a run would need.
 * @param {string} network
 * @param {HyperparameterCheck | null} result null until the server has checked the values
 * @param {boolean} isInvalid true if a value is invalid, so that no estimate follows
 */
export function networkHint(network, result, isInvalid) {
  if (!network || isInvalid || (result && !result.estimate)) return network;
  const text = result?.estimate ? describeEstimate(result.estimate) : "Estimating memory and time…";
  return html`<span class="d-block">${network}</span> <span class="d-block" id="run-estimate">${text}</span>`;
}

/**
 * Return the reasons to ask before the run starts; none for a usual run.
 * @param {RunEstimate} estimate
 * @param {number} epochs
 * @returns {string[]}
 */
export function reasonsToAsk({ bytes: size, available_bytes: free, seconds_per_epoch: seconds }, epochs) {
  const reasons = [];
  if (size > MAX_FRACTION_OF_FREE_MEMORY * free) {
    reasons.push(`The run needs about ${roughBytes(size)} of memory; ${roughBytes(free)} are free.`);
  }
  if (seconds > MAX_SECONDS_PER_EPOCH) {
    const all = epochs > 1 ? `, and all ${count(epochs)} epochs about ${roughDuration(epochs * seconds)}` : "";
    reasons.push(`An epoch takes about ${roughDuration(seconds)} on this machine${all}.`);
  }
  return reasons;
}
