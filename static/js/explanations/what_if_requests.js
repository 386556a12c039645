/** Asking about changed images as fast as the answers come: one question under way, and then the latest. */
import { api } from "../core/api.js";

/**
 * @template Question
 * @typedef {object} ProbeListener
 * @property {(answer: import("../../../types/messages.js").ProbeAnswer, question: Question, settled: boolean) => void} onAnswer
 *   `settled`: nothing newer is to be asked
 * @property {(error: unknown) => void} onError
 */

/** @template {{body: object}} Question */
export class WhatIfRequests {
  /**
   * @param {string} address
   * @param {ProbeListener<Question>} listener
   */
  constructor(address, { onAnswer, onError }) {
    this.address = address;
    this.onAnswer = onAnswer;
    this.onError = onError;
    /** @type {Question | null} */
    this.waiting = null;
    /** @type {Question | null} */
    this.asking = null;
  }

  /** @param {Question} question */
  ask(question) {
    this.waiting = question;
    if (!this.asking) this.#work();
  }

  /** Want no answer any more. */
  forget() {
    this.waiting = null;
    this.asking = null;
  }

  async #work() {
    while (this.waiting) {
      const question = this.waiting;
      this.waiting = null;
      this.asking = question;
      try {
        const answer = await api.post(this.address, question.body);
        if (this.asking !== question) return;
        this.onAnswer(answer, question, this.waiting === null);
      } catch (error) {
        if (this.asking !== question) return;
        this.onError(error);
      }
    }
    this.asking = null;
  }
}
