/** Guesses of a person in one run, and the score that the server counts. */
import { api } from "../core/api.js";

/** @import {GuessResponse, GuessScore} from "../../../types/api.js" */

export class Guesses {
  /** @param {number} runId */
  constructor(runId) {
    this.address = `/api/runs/${runId}/guesses`;
    /** @type {GuessScore | null} */
    this.score = null;
    /** Responses to the guesses since the page opened or the score was reset, by image. @type {Map<number, GuessResponse>} */
    this.responses = new Map();
  }

  /** Load the score if it is not known yet. */
  async loadScore() {
    this.score ??= (await api.get(this.address)).score;
  }

  /**
   * Send a guess.
   * @param {number} index
   * @param {number} label
   * @param {number | null} epoch epoch of the prediction to compare with; null for the last epoch
   */
  async send(index, label, epoch) {
    /** @type {GuessResponse} */
    const response = await api.post(this.address, { index, label, ...(epoch === null ? {} : { epoch }) });
    this.responses.set(index, response);
    this.score = response.score;
  }

  /** Delete the score and all guesses of the run. @returns {Promise<number[]>} images that had a guess on this page */
  async reset() {
    await api.delete(this.address);
    const indices = [...this.responses.keys()];
    this.responses.clear();
    this.score = { guesses: 0, person_right: 0, network_right: 0 };
    return indices;
  }
}
