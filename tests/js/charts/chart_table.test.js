import assert from "node:assert/strict";
import { test } from "node:test";
import { tableRows } from "../../../static/js/charts/chart_table.js";

/**
 * @param {string} key
 * @param {number[]} x
 * @param {(number | null)[]} y
 */
const line = (key, x, y) => ({ key, name: key, color: "--train", number: 1, x, y });

test("the table contains a row for each position of a line", () => {
  const { rows, total } = tableRows([line("a", [1, 3], [0.1, null]), line("b", [1, 2], [0.5, 0.6])], null);
  assert.equal(total, 3);
  assert.deepEqual(rows, [
    { x: 1, values: [0.1, 0.5] },
    { x: 2, values: [undefined, 0.6] },
    { x: 3, values: [null, undefined] },
  ]);
});

test("the table contains the visible positions", () => {
  const { rows } = tableRows([line("a", [1, 2, 3, 4], [4, 3, 2, 1])], [2, 3]);
  assert.deepEqual(
    rows.map(({ x }) => x),
    [2, 3],
  );
});

test("a long table contains every nth row, the first and the last", () => {
  const x = Array.from({ length: 2000 }, (_, index) => index + 1);
  const { rows, total } = tableRows([line("a", x, x)], null, 100);
  assert.equal(total, 2000);
  assert.ok(rows.length <= 101);
  assert.equal(rows[0].x, 1);
  assert.equal(rows[1].x, 22);
  assert.equal(rows.at(-1)?.x, 2000);
});

test("the table contains the values of a smoothed line before smoothing", () => {
  const { rows } = tableRows([{ ...line("a", [1], [0.5]), unsmoothed: [0.9] }], null);
  assert.deepEqual(rows[0].values, [0.9]);
});
