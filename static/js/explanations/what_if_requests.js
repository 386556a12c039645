/** Predictions for changed images: one request at a time, then the latest. */
import { api } from "../core/api.js";

/**
 * @template Question
 * @typedef {object} ProbeListener
 * @property {(answer: import("../../../types/api.js").ProbeAnswer, question: Question, settled: boolean) => void} onAnswer
 *   `settled`: no newer request waits
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
    this.current = null;
  }

  /** Request a prediction; drop an older request that still waits. @param {Question} question */
  ask(question) {
    this.waiting = question;
    if (!this.current) this.#sendAll();
  }

  /** Drop all requests. */
  cancel() {
    this.waiting = null;
    this.current = null;
  }

  async #sendAll() {
    while (this.waiting) {
      const question = this.waiting;
      this.waiting = null;
      this.current = question;
      try {
        const answer = await api.post(this.address, question.body);
        if (this.current !== question) return;
        this.onAnswer(answer, question, this.waiting === null);
      } catch (error) {
        if (this.current !== question) return;
        this.onError(error);
      }
    }
    this.current = null;
  }
}
