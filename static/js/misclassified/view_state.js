/** What the misclassified page can show: the state in its address, and where the server keeps it. */
import { choice, integer, optionalInteger } from "../core/url_state.js";

/**
 * Which images are listed.
 * @typedef {object} MistakesFilter
 * @property {number | null} true class
 * @property {number | null} predicted class
 * @property {"wrong" | "right" | "any"} answer
 * @property {number | null} min_confidence
 * @property {number | null} max_confidence
 * @property {number | null} max_margin
 * @property {"any" | "early" | "late" | "forgotten" | "flickering" | "never"} history
 * @property {"any" | "true" | "false"} flagged
 * @property {boolean} suspects only those whose label may be wrong
 */

/**
 * @typedef {object} MistakesPlace
 * @property {number | null} epoch null: the latest
 * @property {"confidence" | "loss" | "margin" | "index" | "change" | "learned"} sort
 * @property {"desc" | "asc"} order
 * @property {number} offset
 * @property {number | null} image shown large, by its index in the test set
 * @property {"answer" | "gap" | "pixels" | "change" | "examples"} tab of the image shown large
 * @property {"counts" | "shares"} matrix what stands in its cells
 * @property {boolean} trust whether the section on confidence is open
 * @property {number} threshold of confidence
 * @property {boolean} guess whether answers are hidden until a person has guessed
 */

/** @typedef {MistakesFilter & MistakesPlace} MistakesView */

export const PAGE_SIZE = 48;
const USUAL_THRESHOLD = 0.9;

/** Every mistake. @type {MistakesFilter} */
export const NO_FILTER = {
  true: null,
  predicted: null,
  answer: "wrong",
  min_confidence: null,
  max_confidence: null,
  max_margin: null,
  history: "any",
  flagged: "any",
  suspects: false,
};

/**
 * @template Value
 * @typedef {import("../core/url_state.js").Codec<Value>} Codec
 */

/** A part of one, or null. @type {Codec<number | null>} */
const fraction = {
  read: (text) => (text !== null && /^(0|1|[01]?\.\d{1,6})$/.test(text) && Number(text) <= 1 ? Number(text) : null),
  write: (value) => (value === null ? null : String(value)),
};

/** @type {Codec<boolean>} */
const flag = { read: (text) => text === "true", write: (value) => (value ? "true" : null) };

/** @type {{[Name in keyof MistakesView]: Codec<MistakesView[Name]>}} */
export const CODECS = {
  epoch: optionalInteger(1),
  true: optionalInteger(),
  predicted: optionalInteger(),
  answer: choice(["wrong", "right", "any"]),
  min_confidence: fraction,
  max_confidence: fraction,
  max_margin: fraction,
  history: choice(["any", "early", "late", "forgotten", "flickering", "never"]),
  flagged: choice(["any", "true", "false"]),
  suspects: flag,
  sort: choice(["confidence", "loss", "margin", "index", "change", "learned"]),
  order: choice(["desc", "asc"]),
  offset: integer(),
  image: optionalInteger(),
  tab: choice(["answer", "gap", "pixels", "change", "examples"]),
  matrix: choice(["counts", "shares"]),
  trust: flag,
  threshold: {
    read: (text) => fraction.read(text) ?? USUAL_THRESHOLD,
    write: (value) => (value === USUAL_THRESHOLD ? null : String(value)),
  },
  guess: flag,
};

/**
 * The same view, in which a class that there is not counts as any.
 * @param {MistakesView} view
 * @param {number} classes how many there are
 * @returns {MistakesView}
 */
export function withKnownClasses(view, classes) {
  const known = (/** @type {number | null} */ label) => (label !== null && label < classes ? label : null);
  return { ...view, true: known(view.true), predicted: known(view.predicted) };
}

/** @param {MistakesFilter} view */
export function isFiltered(view) {
  const names = /** @type {(keyof MistakesFilter)[]} */ (Object.keys(NO_FILTER));
  return names.some((name) => view[name] !== NO_FILTER[name]);
}

/** What decides which images are listed, in the order of the address. */
const LISTED = /** @type {const} */ ([
  .../** @type {(keyof MistakesFilter)[]} */ (Object.keys(NO_FILTER)),
  "sort",
  "order",
]);

/**
 * The filter and the order, as the server takes them: they have the same names and defaults there.
 * @param {MistakesView} view
 * @param {Record<string, string>} first
 */
function listQuery(view, first) {
  const query = new URLSearchParams(first);
  for (const name of LISTED) {
    const written = /** @type {Codec<unknown>} */ (CODECS[name]).write(view[name]);
    if (written !== null) query.set(name, written);
  }
  return query;
}

/**
 * @param {number} runId
 * @param {number} epoch
 * @param {MistakesView} view
 */
export function listAddress(runId, epoch, view) {
  // As routes/pages.py writes it too.
  const query = listQuery(view, { epoch: String(epoch), limit: String(PAGE_SIZE) });
  if (view.offset) query.set("offset", String(view.offset));
  return `/api/runs/${runId}/misclassified?${query}`;
}

/**
 * Everything that is listed, in a file.
 * @param {number} runId
 * @param {number} epoch
 * @param {MistakesView} view
 * @param {"csv" | "json" | "png"} kind
 */
export function exportAddress(runId, epoch, view, kind) {
  return `/api/runs/${runId}/misclassified.${kind}?${listQuery(view, { epoch: String(epoch) })}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 */
export function matrixAddress(runId, epoch) {
  return `/api/runs/${runId}/confusion_matrix?epoch=${epoch}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 */
export function historiesAddress(runId, epoch) {
  return `/api/runs/${runId}/histories?epoch=${epoch}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 */
export function calibrationAddress(runId, epoch) {
  return `/api/runs/${runId}/calibration?epoch=${epoch}`;
}

/**
 * @param {number} runId
 * @param {number} epoch
 * @param {number} index
 */
export function imageAddress(runId, epoch, index) {
  return `/api/runs/${runId}/predictions/${index}?epoch=${epoch}`;
}
