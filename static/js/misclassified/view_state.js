/** View of the misclassified page, stored in its URL, and the URLs of its data. */
import { choice, integer, optionalInteger, readValues } from "../core/url_state.js";

/** @import {Codec, ValuesOf} from "../core/url_state.js" */

export const PAGE_SIZE = 48;
const DEFAULT_THRESHOLD = 0.9;

/** Codec of a number from 0 to 1; the default is null. @type {Codec<number | null>} */
const fraction = {
  read: (text) => (text !== null && /^(0|1|[01]?\.\d{1,6})$/.test(text) && Number(text) <= 1 ? Number(text) : null),
  write: (value) => (value === null ? null : String(value)),
};

/** @type {Codec<boolean>} */
const flag = { read: (text) => text === "true", write: (value) => (value ? "true" : null) };

/** Filters of the image list; null allows any value. */
const FILTERS = {
  true: optionalInteger(), // true class
  predicted: optionalInteger(), // predicted class
  answer: choice(["wrong", "right", "any"]), // outcome of the prediction: misclassified, correct or any
  min_confidence: fraction,
  max_confidence: fraction,
  max_margin: fraction,
  history: choice(["any", "early", "late", "forgotten", "flickering", "never"]),
  flagged: choice(["any", "true", "false"]),
  suspects: flag, // true for label suspects only
};

export const CODECS = {
  epoch: optionalInteger(1), // null for the latest epoch
  ...FILTERS,
  sort: choice(["confidence", "loss", "margin", "index", "change", "learned", "label_error"]),
  order: choice(["desc", "asc"]),
  offset: integer(),
  image: optionalInteger(), // index of the open image in the test set
  tab: choice(["answer", "gap", "pixels", "change", "examples"]), // selected tab of the open image
  matrix: choice(["counts", "shares"]), // values in the cells of the matrix: counts, or fractions of the row
  trust: flag, // true if the calibration section is open
  /** Confidence threshold of the calibration. @type {Codec<number>} */
  threshold: {
    read: (text) => fraction.read(text) ?? DEFAULT_THRESHOLD,
    write: (value) => (value === DEFAULT_THRESHOLD ? null : String(value)),
  },
  guess: flag, // true if guess mode hides predictions
};

/** @typedef {ValuesOf<typeof FILTERS>} ImageFilter */
/** @typedef {ValuesOf<typeof CODECS>} ImageView */

/** Filter that selects all misclassified images. @type {ImageFilter} */
export const NO_FILTER = readValues(FILTERS, new URLSearchParams());

/**
 * Return the view, except filters by a true or predicted class that the data set does not have.
 * @param {ImageView} view
 * @param {number} classes number of classes
 * @returns {ImageView}
 */
export function withKnownClasses(view, classes) {
  const known = (/** @type {number | null} */ label) => (label !== null && label < classes ? label : null);
  return { ...view, true: known(view.true), predicted: known(view.predicted) };
}

/** Return true if any filter differs from its default. @param {ImageFilter} view */
export function isFiltered(view) {
  const names = /** @type {(keyof ImageFilter)[]} */ (Object.keys(NO_FILTER));
  return names.some((name) => view[name] !== NO_FILTER[name]);
}

/** Names of the query parameters of the list, in the order of the URL. */
const LIST_PARAMETERS = /** @type {const} */ ([
  .../** @type {(keyof ImageFilter)[]} */ (Object.keys(NO_FILTER)),
  "sort",
  "order",
]);

/**
 * Return the filters and the sort order as a query. The server uses the same parameter names and defaults.
 * @param {ImageView} view
 * @param {Record<string, string>} first parameters before the filters
 */
function listQuery(view, first) {
  const query = new URLSearchParams(first);
  for (const name of LIST_PARAMETERS) {
    const written = /** @type {Codec<unknown>} */ (CODECS[name]).write(view[name]);
    if (written !== null) query.set(name, written);
  }
  return query;
}

/** Return the URL of one page of the list. @param {number} runId @param {number} epoch @param {ImageView} view */
export function listUrl(runId, epoch, view) {
  const query = listQuery(view, { epoch: String(epoch), limit: String(PAGE_SIZE) });
  if (view.offset) query.set("offset", String(view.offset));
  return `/api/runs/${runId}/misclassified?${query}`;
}

/**
 * Return true if a list with this query is the list of the view. The query names every value that is not the default.
 * @param {Record<string, unknown>} query
 * @param {number} epoch
 * @param {ImageView} view
 */
export function isQueryOf(query, epoch, view) {
  const known = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const wanted = listQuery(view, { epoch: String(epoch) });
  if (view.offset) wanted.set("offset", String(view.offset));
  known.sort();
  wanted.sort();
  return known.toString() === wanted.toString();
}

/**
 * Return the URL that downloads the whole list as a file.
 * @param {number} runId
 * @param {number} epoch
 * @param {ImageView} view
 * @param {"csv" | "json" | "png"} kind
 */
export function exportUrl(runId, epoch, view, kind) {
  return `/api/runs/${runId}/misclassified.${kind}?${listQuery(view, { epoch: String(epoch) })}`;
}

/** Return the URL of the confusion matrix. @param {number} runId @param {number} epoch */
export function matrixUrl(runId, epoch) {
  return `/api/runs/${runId}/confusion_matrix?epoch=${epoch}`;
}

/** Return the URL of the counts of learning histories. @param {number} runId @param {number} epoch */
export function historiesUrl(runId, epoch) {
  return `/api/runs/${runId}/histories?epoch=${epoch}`;
}

/** Return the URL of the calibration. @param {number} runId @param {number} epoch */
export function calibrationUrl(runId, epoch) {
  return `/api/runs/${runId}/calibration?epoch=${epoch}`;
}

/** Return the URL of the prediction of one image. @param {number} runId @param {number} epoch @param {number} index */
export function imageUrl(runId, epoch, index) {
  return `/api/runs/${runId}/predictions/${index}?epoch=${epoch}`;
}
