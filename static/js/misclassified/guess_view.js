/** Views of guess mode: all images, the least confident first. The view before guess mode returns afterwards. */
import { NO_FILTER } from "./view_state.js";

/** @typedef {import("./view_state.js").ImageView} ImageView */

export class GuessView {
  /**
   * @param {import("./view_store.js").ViewStore} store
   * @param {(item: {index: number}) => void} onOpen
   */
  constructor(store, onOpen) {
    this.store = store;
    this.onOpen = onOpen;
    /** View before guess mode. @type {Partial<ImageView>} */
    this.before = {};
  }

  /**
   * Start or leave guess mode. It also lists images that the network predicts correctly.
   * @param {boolean} guess
   */
  async toggle(guess) {
    const { store } = this;
    if (!guess) return store.navigate({ ...this.before, guess });
    this.before = store.view;
    const order = /** @type {const} */ ({ sort: "confidence", order: "asc", offset: 0, image: null });
    store.navigate({ ...NO_FILTER, ...order, answer: "any", guess });
    await store.load();
    if (store.view.guess && store.items.length) this.onOpen(store.items[0]);
  }
}
