/** Headings of the images and of the table rows on the data page. */

/** @import {DatasetInfo} from "../../../types/api.js" */

import { count, counted } from "../core/format.js";
import { describeRange } from "../ui/pagination.js";

/** @typedef {{total: number, offset: number, shown: number}} Range `shown`: number of items on the page */

/**
 * Describe the images on the page, such as "37 test images of 3, 1 to 37 shown".
 * @param {DatasetInfo} dataset
 * @param {"train" | "test"} split
 * @param {number | null} label null for all classes
 * @param {Range} range
 */
export function describeImages(dataset, split, label, range) {
  const noun = `${split === "test" ? "test" : "training"} image`;
  const ofClass = label === null ? "" : ` of ${dataset.class_names[label]}`;
  return `${counted(range.total, noun)}${ofClass}, ${describeRange(range)}`;
}

/** Describe the rows and columns on the page. @param {DatasetInfo} dataset @param {Range} range */
export function describeRows({ feature_names: shownInputs, n_features: inputs }, range) {
  const rows = range.shown < range.total ? `, ${describeRange(range)}` : "";
  const columns =
    shownInputs.length < inputs ? `; the first ${shownInputs.length} of ${count(inputs)} inputs of each` : "";
  return `${counted(range.total, "training example")}${rows}${columns}`;
}
