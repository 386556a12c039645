import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  bytes,
  cost,
  count,
  counted,
  duration,
  marginText,
  moment,
  percent,
  plainNumber,
  probability,
  roughBytes,
  roughDuration,
} from "../../../static/js/core/format.js";

const examples = JSON.parse(readFileSync(new URL("../../number_examples.json", import.meta.url), "utf-8"));

test("a fraction is formatted as a percentage", () => {
  assert.equal(percent(0.9725, 2), "97.25%");
});

test("a percentage is never rounded up to 100%", () => {
  assert.deepEqual(
    [0.99996, 0.9999, 1].map((value) => percent(value, 2)),
    [">99.99%", "99.99%", "100.00%"],
  );
  assert.equal(percent(0.996, 0), ">99%");
});

test("a probability is never rounded to 0% or 100%, as in the downloadable report", () => {
  for (const [value, digits, text] of examples.probability) assert.equal(probability(value, digits), text);
  assert.equal(probability(0.0001), "<0.1%");
});

test("a margin is never rounded up to 1", () => {
  assert.deepEqual(
    [0.256, 0.9999, 1, null].map((value) => marginText(value, 2)),
    ["0.26", "0.99", "1.00", "–"],
  );
});

test("a number has at most four significant digits", () => {
  assert.deepEqual([0.5, -1.2345, 27290, 555000, 0].map(plainNumber), ["0.5", "−1.234", "27,290", "5.55e5", "0"]);
});

test("an estimate has one or two digits", () => {
  const seconds = [0.001, 0.8, 4.4, 43, 100, 712, 7500, 21360, 172800, 8e6];
  assert.deepEqual(seconds.map(roughDuration), [
    "under 1 s",
    "1 s",
    "4 s",
    "43 s",
    "2 min",
    "12 min",
    "2 h",
    "6 h",
    "2 days",
    "93 days",
  ]);
  assert.deepEqual([219.4e6, 5.917e9].map(roughBytes), ["219 MB", "5.9 GB"]);
});

test("a cost has about four digits at any magnitude", () => {
  assert.deepEqual([0, 0.04213, 2.30251, 1234.5, 1.2e6, 0.00012].map(cost), [
    "0",
    "0.04213",
    "2.303",
    "1,235",
    "1.20e6",
    "1.20e-4",
  ]);
});

test("a count has thousands separators, and its noun is singular only after 1", () => {
  assert.equal(count(60000), "60,000");
  assert.deepEqual(
    [counted(0, "image"), counted(1, "image"), counted(2, "class", "classes")],
    ["0 images", "1 image", "2 classes"],
  );
});

test("a duration has the units of its magnitude", () => {
  assert.deepEqual([0.04, 0.4, 59.4, 80, 7500].map(duration), ["40 ms", "0.4 s", "59 s", "1 min 20 s", "2 h 5 min"]);
});

test("a number of bytes has a decimal prefix", () => {
  assert.deepEqual([999, 1500, 11594722, 2.5e9].map(bytes), ["999 B", "2 kB", "11.6 MB", "2.50 GB"]);
});

test("a missing value or one that is not finite is a dash", () => {
  for (const format of [percent, probability, cost, count, duration, bytes]) {
    assert.deepEqual([format(null), format(undefined), format(Number.NaN)], ["–", "–", "–"]);
  }
  assert.equal(moment(null), "–");
});
