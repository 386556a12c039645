/**
 * Annotations of the images of a split: flags, labels and notes. The store applies a change immediately, sends the
 * changes one after the other, and reverts those that the server rejects. Each change can be undone.
 */
import { api, errorMessage } from "../core/api.js";
import { counted } from "../core/format.js";

/**
 * @import {Annotation} from "../../../types/api.js"
 * @typedef {{indices: number[], values: Partial<Annotation>}} Change
 * @typedef {{description: string, changes: Change[]}} UndoStep
 */

const BATCH_SIZE = 500; // images per request

/** @type {Annotation} */
const NO_ANNOTATION = { flagged: false, label: null, note: "" };

export class AnnotationStore {
  /**
   * @param {{
   *   dataset: string,
   *   split?: "train" | "test",
   *   onChanged?: (indices: number[]) => void,
   *   onSaved?: (indices: number[]) => void,
   *   onProblem?: (message: string) => void,
   * }} options
   *   `onChanged`: called when `get` may return a new value, so that the page redraws the images;
   *   `onSaved`: called when the server has stored a change, so that lists filtered by annotations are out of date
   */
  constructor({ dataset, split = "test", onChanged = () => {}, onSaved = () => {}, onProblem = () => {} }) {
    this.address = `/api/datasets/${encodeURIComponent(dataset)}/${split}/annotations`;
    this.onChanged = onChanged;
    this.onSaved = onSaved;
    this.onProblem = onProblem;
    /** Annotations last received from the server. @type {Map<number, Annotation>} */
    this.stored = new Map();
    /** Images changed on the server by this store: cached responses may be older. @type {Set<number>} */
    this.changedHere = new Set();
    /** Changes not saved yet, in order. @type {Change[]} */
    this.pending = [];
    /** @type {UndoStep[]} */
    this.undoSteps = [];
    /** @type {Promise<unknown>} */
    this.sending = Promise.resolve();
  }

  /** Store annotations that arrived with images. @param {{index: number, annotation?: Annotation | null}[]} items */
  receive(items) {
    for (const { index, annotation } of items) {
      if (annotation === undefined || this.changedHere.has(index)) continue;
      this.stored.set(index, annotation ?? NO_ANNOTATION);
    }
  }

  /** Return the annotation of an image, including changes not saved yet. @param {number} index @returns {Annotation} */
  get(index) {
    const changes = this.pending.filter(({ indices }) => indices.includes(index));
    return Object.assign({}, this.stored.get(index) ?? NO_ANNOTATION, ...changes.map(({ values }) => values));
  }

  /** Description of the change that `undo` would undo, or null. */
  get undoDescription() {
    return this.undoSteps.at(-1)?.description ?? null;
  }

  /**
   * Flag or unflag images.
   * @param {number[]} indices
   * @param {boolean} [flagged] omit to unflag if all are flagged, otherwise to flag all
   * @returns {Promise<boolean>} true if the server stored it; the same applies to the following methods
   */
  setFlag(indices, flagged) {
    const value = flagged ?? !indices.every((index) => this.get(index).flagged);
    return this.#change(indices, "flagged", value, value ? "flagging" : "unflagging");
  }

  /** @param {number[]} indices @param {number | null} label null for no label */
  setLabel(indices, label) {
    return this.#change(indices, "label", label, "labeling");
  }

  /** @param {number} index @param {string} text empty to remove the note */
  setNote(index, text) {
    return this.#change([index], "note", text.trim(), "the note on");
  }

  /** Undo the last change. @returns {string | null} description of the change */
  undo() {
    const step = this.undoSteps.pop();
    if (!step) return null;
    this.#send(step.changes).then((saved) => saved || this.#restoreUndoSteps([...this.undoSteps, step]));
    return step.description;
  }

  /**
   * Set one value of some images. A single undo step restores the values of all these images.
   * @template {keyof Annotation} Name
   * @param {number[]} indices
   * @param {Name} name
   * @param {Annotation[Name]} value
   * @param {string} action verb that describes the change, such as "flagging"
   */
  async #change(indices, name, value, action) {
    const differing = [...new Set(indices)].filter((index) => this.get(index)[name] !== value);
    if (differing.length === 0) return true;
    const target = differing.length === 1 ? `image ${differing[0]}` : counted(differing.length, "image");
    const step = { description: `${action} ${target}`, changes: this.#changesToRestore(differing, name) };
    this.undoSteps.push(step);
    const saved = await this.#send([{ indices: differing, values: { [name]: value } }]);
    if (!saved) this.#restoreUndoSteps(this.undoSteps.filter((other) => other !== step));
    return saved;
  }

  /** Set the undo steps after the server rejected a change or the undoing of a change. @param {UndoStep[]} undoSteps */
  #restoreUndoSteps(undoSteps) {
    this.undoSteps = undoSteps;
    this.onChanged([]);
  }

  /**
   * Return the changes that would restore the current values, one change for each distinct value.
   * @param {number[]} indices
   * @param {keyof Annotation} name
   */
  #changesToRestore(indices, name) {
    const values = new Set(indices.map((index) => this.get(index)[name]));
    return [...values].map((value) => ({
      indices: indices.filter((index) => this.get(index)[name] === value),
      values: { [name]: value },
    }));
  }

  /**
   * Apply changes, and send them in batches.
   * @param {Change[]} changes
   * @returns {Promise<boolean>} true if the server stored all
   */
  async #send(changes) {
    const batches = changes.flatMap(splitIntoBatches);
    this.pending.push(...batches);
    const results = batches.map((batch) => {
      const result = this.sending.then(() => this.#save(batch));
      this.sending = result;
      return result;
    });
    this.onChanged(batches.flatMap(({ indices }) => indices));
    return (await Promise.all(results)).every(Boolean);
  }

  /**
   * Save a change, and report the result.
   * @param {Change} change
   * @returns {Promise<boolean>} true if the server stored it
   */
  async #save(change) {
    const { indices, values } = change;
    let problem = null;
    try {
      // Leaving the page saves the note: `keepalive` lets this request finish after the page is closed.
      const { items } = await api.patch(this.address, { indices, ...values }, { keepalive: true });
      for (const { index, ...annotation } of items) {
        this.stored.set(index, annotation);
        this.changedHere.add(index);
      }
    } catch (error) {
      problem = errorMessage(error);
    }
    this.pending = this.pending.filter((other) => other !== change);
    this.onChanged(indices);
    if (problem === null) this.onSaved(indices);
    else this.onProblem(problem);
    return problem === null;
  }
}

/** Split a change into changes of at most BATCH_SIZE images. @param {Change} change @returns {Change[]} */
function splitIntoBatches({ indices, values }) {
  if (indices.length <= BATCH_SIZE) return [{ indices, values }];
  const rest = splitIntoBatches({ indices: indices.slice(BATCH_SIZE), values });
  return [{ indices: indices.slice(0, BATCH_SIZE), values }, ...rest];
}
