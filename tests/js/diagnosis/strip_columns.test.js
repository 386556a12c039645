import assert from "node:assert/strict";
import { test } from "node:test";
import { QUANTITIES } from "../../../static/js/diagnosis/quantities.js";
import { columnAt, stripColumns } from "../../../static/js/diagnosis/strip_columns.js";

const update = QUANTITIES.find(({ key }) => key === "update") ?? QUANTITIES[0];
const HEALTHY = 1e-2;

test("a short run has a column for each epoch", () => {
  const columns = stripColumns(update, [HEALTHY, 1e-5, 1, NaN], 4, 100);
  assert.deepEqual(
    columns.map(({ epoch, side }) => [epoch, side]),
    [
      [1, "healthy"],
      [2, "low"],
      [3, "high"],
      [4, "broken"],
    ],
  );
});

test("epochs without a measurement continue the last value, and before the first one it is unknown", () => {
  const sides = stripColumns(update, [null, 1e-5, null], 5, 100).map(({ side }) => side);
  assert.deepEqual(sides, ["unknown", "low", "low", "low", "low"]);
});

test("a column of several epochs shows the one farthest outside the healthy range", () => {
  const values = Array.from({ length: 2000 }, () => HEALTHY);
  values[1234] = 1e-9;
  values[1235] = 0.2;
  const columns = stripColumns(update, values, 2000, 300);
  assert.equal(columns.length, 300);
  const outside = columns.filter(({ side }) => side !== "healthy");
  assert.deepEqual(
    outside.map(({ epoch, side }) => [epoch, side]),
    [[1235, "low"]],
  );
});

test("a column of several epochs without a measurement continues the last value", () => {
  const columns = stripColumns(update, [HEALTHY, HEALTHY, 1e-6, ...Array(7).fill(null)], 10, 5);
  assert.deepEqual(
    columns.map(({ side }) => side),
    ["healthy", "low", "low", "low", "low"],
  );
});

test("the pointer finds the column below it, also at the edges", () => {
  const columns = ["a", "b", "c"];
  assert.deepEqual(
    [-0.1, 0, 0.34, 0.99, 1, 2].map((fraction) => columnAt(columns, fraction)),
    ["a", "a", "b", "c", "c", "c"],
  );
});
