/**
 * State of a page in its URL, so that a link opens the same view and the back button works.
 *
 * Each query parameter has a codec, which converts the text of the parameter to a value and back. The URL omits default
 * values, and invalid text becomes the default.
 */

/**
 * @template Value
 * @typedef {{read: (text: string | null) => Value, write: (value: Value) => string | null}} Codec
 */

/**
 * @template Codecs
 * @typedef {{[Name in keyof Codecs]: Codecs[Name] extends Codec<infer Value> ? Value : never}} ValuesOf
 */

/**
 * Return the values in a query.
 * @template {object} Values
 * @param {{[Name in keyof Values]: Codec<Values[Name]>}} codecs
 * @param {URLSearchParams} query
 * @returns {Values}
 */
export function readValues(codecs, query) {
  const entries = /** @type {[string, Codec<unknown>][]} */ (Object.entries(codecs));
  return /** @type {Values} */ (
    Object.fromEntries(entries.map(([name, codec]) => [name, codec.read(query.get(name))]))
  );
}

/**
 * Return the codec of an integer or null; the default is null.
 * @param {number} [minimum]
 * @returns {Codec<number | null>}
 */
export function optionalInteger(minimum = 0) {
  return {
    read: (text) => (text !== null && /^\d{1,9}$/.test(text) && Number(text) >= minimum ? Number(text) : null),
    write: (value) => (value === null ? null : String(value)),
  };
}

/** Return the codec of an integer of at least 0; the default is 0. @returns {Codec<number>} */
export function integer() {
  return {
    read: (text) => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0),
    write: (value) => (value === 0 ? null : String(value)),
  };
}

/**
 * Return the codec of a parameter whose value is one of `words`; the default is the first word.
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
 * Return the codec of any text; the default is an empty string. Longer text is cut off.
 * @param {number} maxLength
 * @returns {Codec<string>}
 */
export function text(maxLength) {
  return { read: (value) => value?.slice(0, maxLength) ?? "", write: (value) => value || null };
}

/**
 * Return the codec of distinct positive integers, separated by commas; the default is an empty list.
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

const BURST_GAP = 1000; // ms; changes of the same kind within this time share one entry of the browser's history

const MIN_WRITE_INTERVAL = 60; // ms; if a page changes its URL more often than every 50 ms, browsers ignore the change

/**
 * @template {object} Values
 */
export class UrlState {
  /**
   * @param {{[Name in keyof Values]: Codec<Values[Name]>}} codecs
   * @param {(values: Values) => void} [onChange] called after each change by the page or by the back button
   */
  constructor(codecs, onChange = () => {}) {
    this.codecs = codecs;
    this.onChange = onChange;
    this.values = this.#read();
    this.lastKind = "";
    this.lastTime = 0;
    /** URL to write when the timer fires. @type {string | null} */
    this.unwritten = null;
    this.lastWrite = 0;
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
   * Change values, and write them to the URL. Changes of the same `kind` in quick succession, such as those of a
   * dragged slider, share one entry of the browser's history. A change with `replace` adds no entry.
   * @param {Partial<Values>} change
   * @param {{kind?: string, replace?: boolean}} [options]
   */
  navigate(change, { kind = "", replace = false } = {}) {
    const values = { ...this.values, ...change };
    const url = this.urlFor(values);
    const now = performance.now();
    const burst = kind !== "" && kind === this.lastKind && now - this.lastTime < BURST_GAP;
    this.lastKind = kind;
    this.lastTime = now;
    if (url !== this.urlFor(this.values)) {
      if (burst) this.#writeSoon(url);
      else {
        this.#writeNow();
        if (replace) history.replaceState(null, "", url);
        else history.pushState(null, "", url);
      }
    }
    this.values = values;
    this.onChange(values);
  }

  /** Replace the URL, but not more often than browsers allow. @param {string} url */
  #writeSoon(url) {
    const delay = this.lastWrite + MIN_WRITE_INTERVAL - performance.now();
    if (this.unwritten === null && delay > 0) this.timer = window.setTimeout(() => this.#writeNow(), delay);
    this.unwritten = url;
    if (delay <= 0) this.#writeNow();
  }

  #writeNow() {
    window.clearTimeout(this.timer);
    if (this.unwritten === null) return;
    history.replaceState(null, "", this.unwritten);
    this.unwritten = null;
    this.lastWrite = performance.now();
  }

  /** Return the URL of this page with other values. @param {Values} values */
  urlFor(values) {
    const query = new URLSearchParams();
    for (const name of /** @type {(keyof Values & string)[]} */ (Object.keys(this.codecs))) {
      const text = this.codecs[name].write(values[name]);
      if (text !== null) query.set(name, text);
    }
    const search = query.toString().replaceAll("%2C", ",");
    return location.pathname + (search ? `?${search}` : "");
  }

  #read() {
    return readValues(this.codecs, new URLSearchParams(location.search));
  }
}
