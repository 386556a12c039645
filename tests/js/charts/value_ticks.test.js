import assert from "node:assert/strict";
import { test } from "node:test";
import { valueTicks } from "../../../static/js/charts/value_ticks.js";

const LINEAR = { log: false, percent: false };
const LOG = { log: true, percent: false };
/** @param {[number, number]} range @param {{log: boolean, percent: boolean}} scale */
const texts = (range, scale) => valueTicks(range, scale).map(({ text }) => text);

test("a linear axis has round labels", () => {
  assert.deepEqual(texts([-0.07, 1.8], LINEAR), ["0", "0.5", "1", "1.5"]);
  assert.deepEqual(texts([0, 25_000], LINEAR), ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]);
  assert.deepEqual(texts([-2, 2], LINEAR), ["−2", "−1", "0", "1", "2"]);
  assert.deepEqual(texts([0, 3.2e7], LINEAR), ["0", "0.5e7", "1e7", "1.5e7", "2e7", "2.5e7", "3e7"]);
});

test("an accuracy has percentages, also after a deep zoom", () => {
  assert.deepEqual(texts([0.9, 1.01], { log: false, percent: true }), ["90%", "92%", "94%", "96%", "98%", "100%"]);
  assert.deepEqual(texts([0.97221, 0.97224], { log: false, percent: true }), [
    "97.221%",
    "97.2215%",
    "97.222%",
    "97.2225%",
    "97.223%",
    "97.2235%",
    "97.224%",
  ]);
});

test("an accuracy has no label below 0% or above 100%", () => {
  assert.deepEqual(texts([-0.05, 0.06], { log: false, percent: true }), ["0%", "1%", "2%", "3%", "4%", "5%", "6%"]);
  assert.equal(texts([0.94, 1.05], { log: false, percent: true }).at(-1), "100%");
});

test("a logarithmic axis has whole labels", () => {
  assert.deepEqual(texts([1e-15, 5], LOG), ["1e−15", "1e−12", "1e−9", "1e−6", "0.001", "1"]);
  assert.deepEqual(texts([0.04, 2], LOG), ["0.05", "0.1", "0.2", "0.5", "1", "2"]);
  assert.deepEqual(texts([2e-8, 6e-7], LOG), ["2e−8", "5e−8", "1e−7", "2e−7", "5e−7"]);
  assert.deepEqual(texts([1.17e-7, 1.21e-7], LOG), ["1.17e−7", "1.18e−7", "1.19e−7", "1.2e−7", "1.21e−7"]);
});

test("a range without numbers has no labels", () => {
  assert.deepEqual(texts([NaN, NaN], LINEAR), []);
  assert.deepEqual(texts([0, Infinity], LOG), []);
  assert.ok(texts([0, 1], LOG).length < 10);
});

test("labels are distinct, inside the range, and name their values for every range", () => {
  for (let exponent = -30; exponent <= 30; exponent += 1) {
    for (const width of [1e-4, 3e-4, 0.02, 0.5, 4, 90, 1e5, 1e12]) {
      const low = 2.5 * 10 ** exponent;
      const range = /** @type {[number, number]} */ ([low, low * (1 + width)]);
      for (const scale of [LINEAR, LOG]) {
        const ticks = valueTicks(range, scale);
        const what = `${range} ${scale.log}: ${ticks.map(({ text }) => text)}`;
        assert.ok(ticks.length >= 2 && ticks.length <= 8, what);
        assert.equal(new Set(ticks.map(({ text }) => text)).size, ticks.length, what);
        for (const { value, text } of ticks) {
          assert.ok(value >= low - 1e-9 * range[1] && value <= range[1] * (1 + 1e-9), what);
          const read = Number(text.replaceAll("−", "-").replaceAll(",", ""));
          assert.ok(Math.abs(read - value) <= 1e-9 * Math.max(value, range[1]), what);
        }
      }
    }
  }
});
