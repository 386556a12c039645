/**
 * Table of the actions of a page. A key, a button with `data-action`, and an entry of a menu run an action by its name.
 *
 * @typedef {object} Action
 * @property {string} name
 * @property {string} title description in the list of shortcuts, and label in a menu
 * @property {string} [note] addition to the label in a menu
 * @property {string[]} [keys] as `KeyboardEvent.key` names them; keys.js finds them on other keyboards
 * @property {string[]} [keyNames] names of the keys in the list of shortcuts, if they differ from `keys`
 * @property {() => boolean} [applies] returns false if the action has no effect in the current state
 * @property {(event: Event, key: string) => void | false} [run] `key`: the pressed key, or an empty text; returns false if there was nothing to do; absent if other code
 *   handles the keys, or if the action is a link
 * @property {() => string} [href] URL of a link
 */

export class ActionTable {
  /** @param {Action[]} actions */
  constructor(actions) {
    this.actions = actions;
    this.byName = new Map(actions.map((action) => [action.name, action]));
    this.byKey = new Map(actions.flatMap((action) => (action.keys ?? []).map((key) => [key, action])));
  }

  /** @param {string} name @returns {Action} */
  get(name) {
    const action = this.byName.get(name);
    if (!action) throw new Error(`There is no action ${name}.`);
    return action;
  }

  /** Return true if an action has an effect in the current state. @param {string} name */
  applies(name) {
    return this.get(name).applies?.() ?? true;
  }

  /**
   * Run an action if it applies.
   * @param {Action | undefined} action
   * @param {Event} event
   * @param {string} [key] the pressed key
   * @returns {boolean} false if the event has had no effect
   */
  run(action, event, key = "") {
    return Boolean(action?.run && (action.applies?.() ?? true) && action.run(event, key) !== false);
  }

  /**
   * Run the action of each button that is pressed: `data-action` or the id of the button is the name of the action.
   * @param {HTMLElement} root
   */
  listenForButtons(root) {
    root.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) this.run(this.byName.get(button.dataset.action ?? button.id), event);
    });
  }
}
