import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CODECS,
  calibrationUrl,
  exportUrl,
  historiesUrl,
  imageUrl,
  isFiltered,
  isQueryOf,
  listUrl,
  matrixUrl,
  NO_FILTER,
  withKnownClasses,
} from "../../../static/js/misclassified/view_state.js";

/** @typedef {import("../../../static/js/misclassified/view_state.js").ImageView} ImageView */

/** @param {Record<string, string>} [address] @returns {ImageView} */
function readView(address = {}) {
  const entries = Object.entries(CODECS).map(([name, codec]) => [name, codec.read(address[name] ?? null)]);
  return Object.fromEntries(entries);
}

test("an empty URL is the default view, and the default view has an empty URL", () => {
  const view = readView();
  assert.equal(isFiltered(view), false);
  assert.equal(view.threshold, 0.9);
  for (const [name, codec] of Object.entries(CODECS)) {
    const { write } = /** @type {import("../../../static/js/core/url_state.js").Codec<unknown>} */ (codec);
    assert.equal(write(/** @type {Record<string, unknown>} */ (view)[name]), null, name);
  }
});

test("each value of the URL is parsed and formatted to the same text", () => {
  const address = {
    epoch: "2",
    true: "8",
    predicted: "3",
    answer: "any",
    min_confidence: "0.4",
    max_confidence: "0.625",
    max_margin: "0.1",
    history: "never",
    flagged: "false",
    suspects: "true",
    sort: "loss",
    order: "asc",
    offset: "48",
    image: "7",
    tab: "gap",
    matrix: "shares",
    trust: "true",
    threshold: "0.89",
    guess: "true",
  };
  const view = readView(address);
  for (const [name, codec] of Object.entries(CODECS)) {
    const { write } = /** @type {import("../../../static/js/core/url_state.js").Codec<unknown>} */ (codec);
    const written = write(/** @type {Record<string, unknown>} */ (view)[name]);
    assert.equal(written, /** @type {Record<string, string>} */ (address)[name], name);
  }
});

test("an invalid value is replaced by its default", () => {
  const invalid = {
    history: "x",
    answer: "x",
    min_confidence: "7",
    max_margin: "-1",
    flagged: "x",
    sort: "x",
    tab: "x",
  };
  assert.deepEqual(readView({ ...invalid, threshold: "x", epoch: "0", image: "-1" }), readView());
});

test("an unknown class is replaced by any class", () => {
  const view = { ...readView(), true: 77, predicted: 9 };
  const known = withKnownClasses(view, 10);
  assert.deepEqual([known.true, known.predicted], [null, 9]);
});

test("a view with any filter is filtered", () => {
  for (const change of [{ true: 0 }, { answer: "any" }, { min_confidence: 0 }, { suspects: true }]) {
    assert.equal(isFiltered({ ...NO_FILTER, .../** @type {Partial<ImageView>} */ (change) }), true);
  }
});

test("the URL of the list has filters, order and page; that of the export has no page", () => {
  const view = readView({ true: "8", min_confidence: "0.2", order: "asc", offset: "48", image: "7", tab: "gap" });
  assert.equal(
    listUrl(3, 2, view),
    "/api/runs/3/misclassified?epoch=2&limit=48&true=8&min_confidence=0.2&order=asc&offset=48",
  );
  assert.equal(listUrl(3, 2, readView()), "/api/runs/3/misclassified?epoch=2&limit=48");
  assert.equal(
    exportUrl(3, 2, view, "csv"),
    "/api/runs/3/misclassified.csv?epoch=2&true=8&min_confidence=0.2&order=asc",
  );
});

test("the URLs of other data contain run and epoch", () => {
  assert.equal(matrixUrl(3, 2), "/api/runs/3/confusion_matrix?epoch=2");
  assert.equal(historiesUrl(3, 2), "/api/runs/3/histories?epoch=2");
  assert.equal(calibrationUrl(3, 2), "/api/runs/3/calibration?epoch=2");
  assert.equal(imageUrl(3, 2, 7), "/api/runs/3/predictions/7?epoch=2");
});

test("a query is that of a view if all filters, the order, the page and the epoch are equal", () => {
  const view = readView({ true: "4", min_confidence: "0.50", suspects: "true", flagged: "false", offset: "48" });
  const query = { epoch: 3, true: 4, min_confidence: 0.5, suspects: true, flagged: false, offset: 48 };
  assert.equal(isQueryOf(query, 3, view), true);
  assert.equal(isQueryOf(query, 2, view), false);
  assert.equal(isQueryOf({ ...query, offset: 0 }, 3, view), false);
  assert.equal(isQueryOf({ epoch: 3 }, 3, view), false);
  assert.equal(isQueryOf({ epoch: 3 }, 3, readView({ image: "7", tab: "gap" })), true);
});
