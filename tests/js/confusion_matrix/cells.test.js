import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_CLASSES, createCells, toggleChoice } from "../../../static/js/confusion_matrix/cells.js";

const LABELS = ["cat", "dog", "owl"];
const MATRIX = [
  [1990, 10, 0],
  [1, 0, 3],
  [0, 0, 0],
];

test("a cell shows its count, and a dot instead of 0 outside the diagonal", () => {
  const { rows, maximum } = createCells({ labels: LABELS, matrix: MATRIX });
  assert.deepEqual(
    rows.map((row) => row.map(({ text }) => text)),
    [
      ["1990", "10", "·"],
      ["1", "0", "3"],
      ["·", "·", "0"],
    ],
  );
  assert.equal(maximum, "10 images");
});

test("a cell can show the percentage of its row", () => {
  const { rows, maximum } = createCells({ labels: LABELS, matrix: MATRIX, values: "shares" });
  assert.deepEqual(
    rows[1].map(({ text }) => text),
    ["25.0", "0.0", "75.0"],
  );
  assert.equal(createCells({ labels: ["cat"], matrix: [[4]], values: "shares" }).rows[0][0].text, "100");
  assert.equal(maximum, "75.0% of a row");
});

test("the name of a cell describes its classes, amount and outcome", () => {
  const { rows } = createCells({ labels: LABELS, matrix: MATRIX });
  assert.equal(rows[0][0].name, "true cat, predicted cat: 1,990 images, 99.5% of its row, correct");
  assert.equal(rows[1][0].name, "true dog, predicted cat: 1 image, 25.0% of its row, misclassified");
});

test("the color scale ends at the largest confusion, or at 5 images if there are fewer", () => {
  const { rows } = createCells({ labels: LABELS, matrix: MATRIX });
  assert.deepEqual([rows[0][1].heat, rows[0][0].heat, rows[0][2].heat], ["1.000", "0.000", "0.000"]);
  const few = createCells({ labels: ["cat", "dog"], matrix: [[9, 1], [0, 9]] }); // biome-ignore format: a matrix
  assert.equal(few.rows[0][1].heat, (0.2 ** 0.6).toFixed(3));
  assert.equal(few.maximum, "5 images");
});

test("cells outside the selection fade; the selected cell and the cell of the open image are marked", () => {
  const { rows } = createCells({
    labels: LABELS,
    matrix: MATRIX,
    selected: { true: 0, predicted: 1 },
    open: { true: 1, predicted: 2 },
  });
  const marks = rows.flat().map(({ isSelected, isOpen, classes }) => [isSelected, isOpen, /outside/.test(classes)]);
  assert.deepEqual(marks[1], [true, false, false]);
  assert.deepEqual(marks[5], [false, true, true]);
  assert.deepEqual(marks[0], [false, false, true]);
  const row = createCells({ labels: LABELS, matrix: MATRIX, selected: { true: 0, predicted: null } }).rows;
  assert.deepEqual(
    row.map(([{ classes }]) => /outside/.test(classes)),
    [false, true, true],
  );
});

test("selecting the same classes again selects every class", () => {
  const choice = { true: 3, predicted: null };
  assert.equal(toggleChoice(ALL_CLASSES, choice), choice);
  assert.equal(toggleChoice({ ...choice }, choice), ALL_CLASSES);
  assert.equal(toggleChoice({ true: 3, predicted: 5 }, choice), choice);
});
