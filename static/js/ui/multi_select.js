/** Selection of one image, several images, a range, or all images, as in a file manager. */

export class Selection {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** Indices of the images on the page, in order. @type {number[]} */
    this.shown = [];
    /** @type {Set<number>} */
    this.chosen = new Set();
    /** Start of the range that `extend` selects. @type {number | null} */
    this.anchor = null;
    /**
     * Latest range. If `extend` selects another range from the same anchor, that range replaces this one.
     * @type {number[]}
     */
    this.range = [];
  }

  get size() {
    return this.chosen.size;
  }

  /** Selected indices in the order of the page. */
  get indices() {
    return this.shown.filter((index) => this.chosen.has(index));
  }

  /** @param {number} index */
  has(index) {
    return this.chosen.has(index);
  }

  /** Set the images on the page, and deselect all others. Does not call `onChange`. @param {number[]} indices */
  setShown(indices) {
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
   * Select the range from the anchor to an image.
   * @param {number} index
   * @param {number} from new anchor if there is none
   */
  extend(index, from = index) {
    this.anchor ??= from;
    for (const member of this.range) this.chosen.delete(member);
    const ends = [this.shown.indexOf(this.anchor), this.shown.indexOf(index)].sort((a, b) => a - b);
    this.range = this.shown.slice(ends[0], ends[1] + 1);
    for (const member of this.range) this.chosen.add(member);
    this.onChange();
  }

  selectAll() {
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
