/**
 * What people say of the images of a split: flags, labels, notes. Changes are seen at once, sent one after the other,
 * and taken back where the server refuses them; each can be undone.
 *
 * Wiring:
 *
 *     const desk = new AnnotationStore({ dataset, onChanged, onProblem });
 *     desk.learn(list.items);           // whenever images come with their `annotation`
 *     desk.get(index)                   // {flagged, label, note}, what is not kept yet included
 *     desk.flag(indices or items);      // key f: flags all, or takes the flag from all if all have one
 *     desk.label(indices or items, 7);  // keys 0 to 9; null: no opinion
 *     desk.undo();                      // key u: what was undone in words, or null
 *
 * `onChanged(indices)` is called when `get` of these may say something else: draw their tiles again, and the panel
 * (`AnnotationPanel.update`). `onSaved(indices)` is called when the server has kept a change: lists that were filtered
 * by a flag, and remembered answers (`forget` of latest.js), are then out of date. `learn` never overwrites what was
 * changed here with a remembered answer.
 */
import { api } from "../core/api.js";
import { counted } from "../core/format.js";

/**
 * @typedef {import("../../../types/messages.js").Annotation} Annotation
 * @typedef {number | {index: number}} Image
 * @typedef {{indices: number[], values: Partial<Annotation>}} Change
 * @typedef {{words: string, changes: Change[]}} Undoing
 */

const MOST_AT_ONCE = 500; // images in one request

/** @type {Annotation} */
const NOTHING_SAID = { flagged: false, label: null, note: "" };

export class AnnotationStore {
  /**
   * @param {{
   *   dataset: string,
   *   split?: "train" | "test",
   *   onChanged?: (indices: number[]) => void,
   *   onSaved?: (indices: number[]) => void,
   *   onProblem?: (message: string) => void,
   * }} options
   */
  constructor({ dataset, split = "test", onChanged = () => {}, onSaved = () => {}, onProblem = () => {} }) {
    this.address = `/api/datasets/${encodeURIComponent(dataset)}/${split}/annotations`;
    this.onChanged = onChanged;
    this.onSaved = onSaved;
    this.onProblem = onProblem;
    /** As the server last told it. @type {Map<number, Annotation>} */
    this.kept = new Map();
    /** Images of which the server has kept a change from here: what it told before is out of date. @type {Set<number>} */
    this.changedHere = new Set();
    /** Not kept yet, in order. @type {Change[]} */
    this.underway = [];
    /** @type {Undoing[]} */
    this.undoings = [];
    /** @type {Promise<unknown>} */
    this.sending = Promise.resolve();
  }

  /** @param {{index: number, annotation?: Annotation | null}[]} items */
  learn(items) {
    for (const { index, annotation } of items) {
      if (annotation === undefined || this.changedHere.has(index)) continue;
      this.kept.set(index, annotation ?? NOTHING_SAID);
    }
  }

  /**
   * @param {number} index
   * @returns {Annotation}
   */
  get(index) {
    const changes = this.underway.filter(({ indices }) => indices.includes(index));
    return Object.assign({}, this.kept.get(index) ?? NOTHING_SAID, ...changes.map(({ values }) => values));
  }

  /** What `undo` would undo, in words, or null. */
  get undoable() {
    return this.undoings.at(-1)?.words ?? null;
  }

  /**
   * @param {Image | Image[]} images
   * @param {boolean} [flagged] left out: the opposite of what all of them are
   * @returns {Promise<boolean>} whether it was kept
   */
  flag(images, flagged) {
    const indices = indicesOf(images);
    const wanted = flagged ?? !indices.every((index) => this.get(index).flagged);
    return this.#change(indices, "flagged", wanted, wanted ? "the flag of" : "taking the flag from");
  }

  /**
   * @param {Image | Image[]} images
   * @param {number | null} label that a person would give, null for no opinion
   * @returns {Promise<boolean>} whether it was kept
   */
  label(images, label) {
    return this.#change(indicesOf(images), "label", label, "the label of");
  }

  /**
   * @param {Image} image
   * @param {string} text empty for none
   * @returns {Promise<boolean>} whether it was kept
   */
  note(image, text) {
    return this.#change(indicesOf(image), "note", text.trim(), "the note of");
  }

  /** Put back what the last change replaced. @returns {string | null} what that was, in words */
  undo() {
    const undoing = this.undoings.pop();
    if (!undoing) return null;
    this.#send(undoing.changes).then((done) => {
      if (!done) this.#remember([...this.undoings, undoing]);
    });
    return undoing.words;
  }

  /**
   * @template {keyof Annotation} Name
   * @param {number[]} indices
   * @param {Name} name
   * @param {Annotation[Name]} value
   * @param {string} words up to the images
   */
  async #change(indices, name, value, words) {
    const differing = indices.filter((index) => this.get(index)[name] !== value);
    if (differing.length === 0) return true;
    const which = differing.length === 1 ? `image ${differing[0]}` : counted(differing.length, "image");
    const undoing = { words: `${words} ${which}`, changes: this.#puttingBack(differing, name) };
    this.undoings.push(undoing);
    const done = await this.#send([{ indices: differing, values: { [name]: value } }]);
    if (!done) this.#remember(this.undoings.filter((other) => other !== undoing));
    return done;
  }

  /** @param {Undoing[]} undoings what can be undone after a change was refused */
  #remember(undoings) {
    this.undoings = undoings;
    this.onChanged([]);
  }

  /**
   * The changes that make these images as they are now: one for each value.
   * @param {number[]} indices
   * @param {keyof Annotation} name
   */
  #puttingBack(indices, name) {
    const values = new Set(indices.map((index) => this.get(index)[name]));
    return [...values].map((value) => ({
      indices: indices.filter((index) => this.get(index)[name] === value),
      values: { [name]: value },
    }));
  }

  /** @param {Change[]} changes @returns {Promise<boolean>} whether all were kept */
  async #send(changes) {
    const parts = changes.flatMap(({ indices, values }) => inParts(indices).map((part) => ({ indices: part, values })));
    this.underway.push(...parts);
    const sent = parts.map((part) => {
      const done = this.sending.then(() => this.#keep(part));
      this.sending = done;
      return done;
    });
    this.onChanged(parts.flatMap(({ indices }) => indices));
    return (await Promise.all(sent)).every(Boolean);
  }

  /** @param {Change} change @returns {Promise<boolean>} whether it was kept */
  async #keep(change) {
    const problem = await this.#ask(change);
    this.underway = this.underway.filter((other) => other !== change);
    this.onChanged(change.indices);
    if (problem) this.onProblem(problem);
    else this.onSaved(change.indices);
    return !problem;
  }

  /** @param {Change} change @returns {Promise<string>} what went wrong, or "" */
  async #ask({ indices, values }) {
    try {
      // It goes on when the page is left: a note is saved at the last moment.
      const { items } = await api.patch(this.address, { indices, ...values }, { keepalive: true });
      for (const { index, ...annotation } of items) {
        this.kept.set(index, annotation);
        this.changedHere.add(index);
      }
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** @param {Image | Image[]} images */
function indicesOf(images) {
  const all = Array.isArray(images) ? images : [images];
  return [...new Set(all.map((image) => (typeof image === "number" ? image : image.index)))];
}

/** @param {number[]} indices */
function inParts(indices) {
  const starts = Array.from({ length: Math.ceil(indices.length / MOST_AT_ONCE) }, (_, part) => part * MOST_AT_ONCE);
  return starts.map((start) => indices.slice(start, start + MOST_AT_ONCE));
}
