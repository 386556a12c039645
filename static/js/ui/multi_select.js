/** Selection of several images, as in a list of files: one, one more, a range, all. */

export class Selection {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** The shown indices, in order. @type {number[]} */
    this.shown = [];
    /** @type {Set<number>} */
    this.chosen = new Set();
    /** The start of a range. @type {number | null} */
    this.anchor = null;
    /** The range that was chosen last, which the next one from the same anchor replaces. @type {number[]} */
    this.range = [];
  }

  get size() {
    return this.chosen.size;
  }

  /** In the order in which they are shown. */
  get indices() {
    return this.shown.filter((index) => this.chosen.has(index));
  }

  /** @param {number} index */
  has(index) {
    return this.chosen.has(index);
  }

  /**
   * Other images are shown from now on: those that are gone are selected no longer. Tells nobody.
   * @param {number[]} indices
   */
  show(indices) {
    this.shown = indices;
    const present = new Set(indices);
    for (const index of this.chosen) if (!present.has(index)) this.chosen.delete(index);
    if (this.anchor !== null && !present.has(this.anchor)) this.anchor = null;
  }

  /** @param {number} index */
  toggle(index) {
    if (!this.chosen.delete(index)) this.chosen.add(index);
    this.anchor = index;
    this.range = [];
    this.onChange();
  }

  /**
   * Everything from where the last choice was made.
   * @param {number} index
   * @param {number} from where a range begins if nothing was chosen yet
   */
  extend(index, from = index) {
    this.anchor ??= from;
    for (const one of this.range) this.chosen.delete(one);
    const ends = [this.shown.indexOf(this.anchor), this.shown.indexOf(index)].sort((a, b) => a - b);
    this.range = this.shown.slice(ends[0], ends[1] + 1);
    for (const one of this.range) this.chosen.add(one);
    this.onChange();
  }

  all() {
    this.chosen = new Set(this.shown);
    this.range = [];
    this.onChange();
  }

  clear() {
    this.chosen.clear();
    this.anchor = null;
    this.range = [];
    this.onChange();
  }
}
