/** Content of a confusion matrix: text, color and description of each cell. */
import { counted, percent } from "../core/format.js";
import { largestConfusion, rowFractions } from "./counts.js";

/**
 * Selected classes; null selects every class.
 * @typedef {{true: number | null, predicted: number | null}} ClassChoice
 *
 * @typedef {"counts" | "shares"} Values content of the cells: number of images, or percentage of the row
 *
 * @typedef {object} MatrixData
 * @property {string[]} labels names of the classes, in the order of rows and columns
 * @property {number[][]} matrix counts of images: row = true class, column = predicted class
 * @property {Values} [values]
 * @property {ClassChoice} [selected] current selection
 * @property {{true: number, predicted: number} | null} [open] classes of the open image
 */

/** @type {ClassChoice} */
export const ALL_CLASSES = { true: null, predicted: null };

/** Smallest maximum of the color scale: 5 images if the cells show counts, 1% if they show percentages of a row. */
const MIN_SCALE_MAXIMUM = { counts: 5, shares: 0.01 };

/**
 * Return the cells, and the text of the maximum of the color scale. `heat` is the position on this scale, from 0 to 1.
 *
 * The scale ends at the largest confusion, not at the largest count. Otherwise thousands of correct predictions on the
 * diagonal would make dozens of misclassified images invisible.
 * @param {MatrixData} data
 */
export function createCells({ labels, matrix, values = "counts", selected = ALL_CLASSES, open = null }) {
  const fractions = rowFractions(matrix);
  const shown = values === "counts" ? matrix : fractions;
  const maximum = Math.max(MIN_SCALE_MAXIMUM[values], largestConfusion(shown));
  const rows = matrix.map((row, i) =>
    row.map((images, j) => {
      const isCorrect = i === j;
      const isInside = (selected.true ?? i) === i && (selected.predicted ?? j) === j;
      // An exponent below 1 makes rare confusions visible beside frequent ones.
      const heat = isCorrect ? 0 : (shown[i][j] / maximum) ** 0.6;
      const amounts = `${counted(images, "image")}, ${percent(fractions[i][j])} of its row`;
      return {
        text: images || isCorrect ? cellText(values, images, fractions[i][j]) : "·",
        name: `true ${labels[i]}, predicted ${labels[j]}: ${amounts}, ${isCorrect ? "correct" : "misclassified"}`,
        heat: heat.toFixed(3),
        classes:
          (isCorrect ? " matrix-diagonal" : "") +
          (isInside ? "" : " matrix-outside") +
          (isInside && heat > 0.5 ? " fw-semibold" : "") +
          (images ? "" : " text-body-secondary"),
        isSelected: selected.true === i && selected.predicted === j,
        isOpen: open?.true === i && open.predicted === j,
      };
    }),
  );
  return { rows, maximum: values === "counts" ? counted(maximum, "image") : `${percent(maximum)} of a row` };
}

/**
 * Return the selection after a person selects classes: selecting the same classes again selects every class.
 * @param {ClassChoice} selected
 * @param {ClassChoice} choice
 * @returns {ClassChoice}
 */
export function toggleChoice(selected, choice) {
  return isSameChoice(selected, choice) ? ALL_CLASSES : choice;
}

/** @param {ClassChoice} a @param {ClassChoice} b */
export function isSameChoice(a, b) {
  return a.true === b.true && a.predicted === b.predicted;
}

/**
 * Return the number of images, or the percentage without its sign, which would not fit in a cell.
 * @param {Values} values
 * @param {number} images
 * @param {number} fraction fraction of the row
 */
function cellText(values, images, fraction) {
  return values === "counts" ? String(images) : percent(fraction, fraction === 1 ? 0 : 1).replace("%", "");
}
