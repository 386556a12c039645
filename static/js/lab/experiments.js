/** Experiments of the lab on the server. A page has one at a time, so the last chosen one is the next. */

/** @import {LabBugChoice, LabGuess, LabRun} from "../../../types/api.js" */

import { api } from "../core/api.js";

const HIDDEN_LAYERS = 2; // of the networks of the lab

export class Experiments {
  /** @param {(result: {run: LabRun} | {error: unknown}) => void} onResult called with the last chosen experiment */
  constructor(onResult) {
    this.onResult = onResult;
    /** Experiments by their bugs: the same bugs always have the same results. @type {Map<string, LabRun>} */
    this.known = new Map();
    /** @type {LabBugChoice[] | null} */
    this.waiting = null;
    this.isRunning = false;
  }

  /** Train both networks with these bugs, or show the earlier results. @param {LabBugChoice[]} bugs */
  async run(bugs) {
    const known = this.known.get(JSON.stringify(bugs));
    this.waiting = known ? null : bugs;
    if (known) return this.onResult({ run: known });
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (this.waiting) await this.#send(this.waiting);
    } finally {
      this.isRunning = false;
    }
  }

  /** @param {LabBugChoice[]} bugs */
  async #send(bugs) {
    /** @type {{run: LabRun} | {error: unknown}} */
    let result;
    try {
      const run = await api.post("/api/lab/runs", { bugs });
      this.known.set(JSON.stringify(bugs), run);
      result = { run };
    } catch (error) {
      result = { error };
    }
    if (this.waiting !== bugs) return; // another experiment was chosen meanwhile
    this.waiting = null;
    this.onResult(result);
  }
}

/**
 * Draw a bug at random. Half of the time it is in every layer that can have it, otherwise in one of the hidden layers.
 * @param {() => number} [random] returns a number from 0 to 1
 * @returns {Promise<LabRun>}
 */
export function drawHidden(random = Math.random) {
  const layer = random() < 0.5 ? {} : { layer: 1 + Math.floor(HIDDEN_LAYERS * random()) };
  return api.post("/api/lab/runs", { hidden: true, ...layer });
}

/** Load an experiment again. @param {string} id @returns {Promise<LabRun>} */
export const loadRun = (id) => api.get(`/api/lab/runs/${encodeURIComponent(id)}`);

/**
 * @param {string} id
 * @param {LabBugChoice} guess
 * @returns {Promise<LabGuess>}
 */
export const sendGuess = (id, guess) => api.post(`/api/lab/runs/${encodeURIComponent(id)}/guess`, guess);
