/**
 * State of a page in its URL, so that a link opens the same view and the back button works.
 *
 * One table of codecs, one for each name in the address, drives both directions. A value equal to its default stays out
 * of the address; a value that cannot be read becomes the default.
 */

/**
 * @template Value
 * @typedef {{read: (text: string | null) => Value, write: (value: Value) => string | null}} Codec
 */

/**
 * A whole number, or null.
 * @param {number} [minimum]
 * @returns {Codec<number | null>}
 */
export function optionalInteger(minimum = 0) {
  return {
    read: (text) => (text !== null && /^\d{1,9}$/.test(text) && Number(text) >= minimum ? Number(text) : null),
    write: (value) => (value === null ? null : String(value)),
  };
}

/**
 * A whole number from 0, 0 when it is not told.
 * @returns {Codec<number>}
 */
export function integer() {
  return {
    read: (text) => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0),
    write: (value) => (value === 0 ? null : String(value)),
  };
}

/**
 * One of a few words; the first is the default.
 * @template {string} Word
 * @param {readonly Word[]} words
 * @returns {Codec<Word>}
 */
export function choice(words) {
  return {
    read: (text) => words.find((word) => word === text) ?? words[0],
    write: (value) => (value === words[0] ? null : value),
  };
}

/**
 * Any text, empty when it is not told.
 * @returns {Codec<string>}
 */
export function text() {
  return { read: (value) => value ?? "", write: (value) => value || null };
}

/**
 * Whole numbers from 1 with commas between them, each once.
 * @returns {Codec<number[]>}
 */
export function integers() {
  return {
    read: (value) => [
      ...new Set(
        (value ?? "")
          .split(",")
          .filter((part) => /^[1-9]\d{0,8}$/.test(part))
          .map(Number),
      ),
    ],
    write: (value) => (value.length ? value.join(",") : null),
  };
}

/** Two changes of the same kind within this time, in milliseconds, are one step of the back button. */
const BURST = 1000;

/** Browsers stop listening to a page that goes on changing its address more often than every 50 milliseconds. */
const BREATH = 60;

/**
 * @template {object} Values
 */
export class UrlState {
  /**
   * @param {{[Name in keyof Values]: Codec<Values[Name]>}} codecs
   * @param {(values: Values) => void} [onChange] told of every change, by the page or by the back button
   */
  constructor(codecs, onChange = () => {}) {
    this.codecs = codecs;
    this.onChange = onChange;
    this.values = this.#read();
    this.lastKind = "";
    this.lastTime = 0;
    /** Of a burst, to be written in a moment. @type {string | null} */
    this.unwritten = null;
    this.written = 0;
    this.timer = 0;
    window.addEventListener("pagehide", () => this.#writeNow());
    window.addEventListener("popstate", () => {
      this.unwritten = null;
      this.lastKind = "";
      this.values = this.#read();
      this.onChange(this.values);
    });
  }

  /**
   * Show something else. Changes of the same `kind` in quick succession (a slider being dragged) are one step of the
   * back button; with `replace` there is no step at all.
   * @param {Partial<Values>} change
   * @param {{kind?: string, replace?: boolean}} [how]
   */
  navigate(change, { kind = "", replace = false } = {}) {
    const values = { ...this.values, ...change };
    const address = this.address(values);
    const now = performance.now();
    const burst = kind !== "" && kind === this.lastKind && now - this.lastTime < BURST;
    this.lastKind = kind;
    this.lastTime = now;
    if (address !== this.address(this.values)) {
      if (burst) this.#writeSoon(address);
      else {
        this.#writeNow();
        if (replace) history.replaceState(null, "", address);
        else history.pushState(null, "", address);
      }
    }
    this.values = values;
    this.onChange(values);
  }

  /** @param {string} address in place of the present one */
  #writeSoon(address) {
    const rest = this.written + BREATH - performance.now();
    if (this.unwritten === null && rest > 0) this.timer = window.setTimeout(() => this.#writeNow(), rest);
    this.unwritten = address;
    if (rest <= 0) this.#writeNow();
  }

  #writeNow() {
    window.clearTimeout(this.timer);
    if (this.unwritten === null) return;
    history.replaceState(null, "", this.unwritten);
    this.unwritten = null;
    this.written = performance.now();
  }

  /**
   * The address of this page with other values.
   * @param {Values} values
   */
  address(values) {
    const query = new URLSearchParams();
    for (const name of /** @type {(keyof Values & string)[]} */ (Object.keys(this.codecs))) {
      const written = this.codecs[name].write(values[name]);
      if (written !== null) query.set(name, written);
    }
    const search = query.toString().replaceAll("%2C", ",");
    return location.pathname + (search ? `?${search}` : "");
  }

  /** @returns {Values} */
  #read() {
    const query = new URLSearchParams(location.search);
    const pairs = Object.entries(this.codecs).map(([name, codec]) => [
      name,
      /** @type {Codec<unknown>} */ (codec).read(query.get(name)),
    ]);
    return /** @type {Values} */ (Object.fromEntries(pairs));
  }
}
