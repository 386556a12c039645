import assert from "node:assert/strict";
import { test } from "node:test";
import { lineDifference } from "../../../static/js/lab/line_difference.js";

/** Return both texts with brackets around the parts that differ. @param {string} first @param {string} second */
const marked = (first, second) =>
  lineDifference(first, second).map((parts) =>
    parts.map(({ text, differs }) => (differs ? `[${text}]` : text)).join(""),
  );

test("only the parts that differ are marked", () => {
  assert.deepEqual(marked("W -= eta * dW", "W += eta * dW"), ["W [-]= eta * dW", "W [+]= eta * dW"]);
  assert.deepEqual(marked("δ = a − y", "δ = y − a"), ["δ = [a] − [y]", "δ = [y] − [a]"]);
});

test("a power is one operator", () => {
  assert.deepEqual(marked("d = (a - y) * a", "d = (a - y) ** 2 * a")[1], "d = (a - y) [** 2] * a");
});

test("a line that lacks something has no mark", () => {
  assert.deepEqual(marked("dW = a.T @ delta / N", "dW = a.T @ delta"), ["dW = a.T @ delta [/ N]", "dW = a.T @ delta"]);
});

test("a comment is never marked", () => {
  assert.deepEqual(marked("m = a > 0", "m = heaviside(a, 1)  # always 1"), [
    "m = a [> 0]",
    "m = [heaviside(]a[, 1)]  # always 1",
  ]);
});

test("equal texts have no difference, and the parts contain the whole text", () => {
  assert.deepEqual(marked("p = e ** z", "p = e ** z"), ["p = e ** z", "p = e ** z"]);
  const [first] = lineDifference("two\nlines  here", "lines");
  assert.equal(first.map(({ text }) => text).join(""), "two\nlines  here");
  assert.deepEqual(lineDifference("", "x"), [[], [{ text: "x", differs: true }]]);
});
