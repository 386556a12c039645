/** Asking the server for what is wanted now: a newer question cancels the one before it, and answers are remembered. */
import { api } from "./api.js";

const REMEMBERED = 200;

/** Answers that cannot change any more, by address, the oldest first. @type {Map<string, unknown>} */
const answers = new Map();

export class Latest {
  constructor() {
    /** @type {{path: string, controller: AbortController, answer: Promise<any>} | null} */
    this.asking = null;
  }

  /**
   * What is known already of this address, or undefined.
   * @param {string} path
   * @returns {any}
   */
  known(path) {
    return answers.get(path);
  }

  /**
   * Ask, and cancel whatever else this was asking. The same question while it is under way is asked once.
   * @param {string} path of something that stays as it is, such as the predictions of a completed epoch
   * @returns {Promise<any>}
   * @throws {DOMException} `AbortError` when a newer question came; `isAborted` tells it
   */
  async get(path) {
    if (this.asking?.path === path) return this.asking.answer;
    this.cancel();
    if (answers.has(path)) return answers.get(path);
    const controller = new AbortController();
    const answer = api.get(path, { signal: controller.signal });
    const asking = { path, controller, answer };
    this.asking = asking;
    try {
      remember(path, await answer);
      return await answer;
    } finally {
      if (this.asking === asking) this.asking = null;
    }
  }

  cancel() {
    this.asking?.controller.abort();
    this.asking = null;
  }
}

/** @param {unknown} error */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * @param {string} path
 * @param {unknown} answer
 */
function remember(path, answer) {
  answers.delete(path);
  answers.set(path, answer);
  for (const oldest of answers.keys()) {
    if (answers.size <= REMEMBERED) break;
    answers.delete(oldest);
  }
}
