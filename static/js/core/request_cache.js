/** Requests for current data: a newer request cancels the one before it, and answers are cached. */
import { api } from "./api.js";

const REMEMBERED = 400;

/** Answers that cannot change any more, by address, the oldest first. @type {Map<string, unknown>} */
const answers = new Map();

/** Asked, and not answered yet: whoever asks the same waits for the same answer. @type {Map<string, Question>} */
const underway = new Map();

/** One request, which is given up when nobody waits for it any more. */
class Question {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    this.waiting = 0;
    this.controller = new AbortController();
    underway.set(path, this);
    /** @type {Promise<any>} */
    this.answer = this.#ask();
    this.answer.catch(() => {}); // told to those who wait
  }

  async #ask() {
    try {
      const answer = await api.get(this.path, { signal: this.controller.signal });
      if (underway.get(this.path) === this) remember(this.path, answer);
      return answer;
    } finally {
      this.close();
    }
  }

  /** Wait for the answer, until `leave` is called. */
  join() {
    this.waiting += 1;
    let leave = () => {};
    const answer = new Promise((resolve, reject) => {
      leave = () => {
        reject(new DOMException("A newer request replaced this one.", "AbortError"));
        this.#leave();
      };
      this.answer.then(resolve, reject);
    });
    answer.catch(() => {}); // nobody may be waiting by the time that it is given up
    return { question: this, answer, leave };
  }

  #leave() {
    this.waiting -= 1;
    if (this.waiting > 0) return;
    this.close();
    this.controller.abort();
  }

  /** Let nobody join any more, and do not remember the answer. */
  close() {
    if (underway.get(this.path) === this) underway.delete(this.path);
  }
}

export class RequestCache {
  constructor() {
    /** @type {{question: Question, answer: Promise<any>, leave: () => void} | null} */
    this.asking = null;
  }

  /**
   * What is known already of this address, or undefined.
   * @param {string} path
   * @returns {any}
   */
  cached(path) {
    return answers.get(path);
  }

  /**
   * Ask, and cancel whatever else this was asking. The same question while it is under way is asked once.
   * @param {string} path of something that stays as it is, such as the predictions of a completed epoch
   * @returns {Promise<any>}
   * @throws {DOMException} `AbortError` when a newer question came; `isAborted` tells it
   */
  async get(path) {
    const present = underway.get(path);
    if (present && this.asking?.question === present) return this.asking.answer;
    this.cancel();
    if (answers.has(path)) return answers.get(path);
    const asking = (present ?? new Question(path)).join();
    this.asking = asking;
    try {
      return await asking.answer;
    } finally {
      if (this.asking === asking) this.asking = null;
    }
  }

  cancel() {
    this.asking?.leave();
    this.asking = null;
  }
}

/**
 * Forget what has changed after all.
 * @param {(path: string) => boolean} isStale
 */
export function invalidate(isStale) {
  for (const path of [...answers.keys()]) if (isStale(path)) answers.delete(path);
  for (const question of [...underway.values()]) if (isStale(question.path)) question.close();
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
