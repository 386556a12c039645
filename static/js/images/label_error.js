/** Text that explains why the label of an image is suspect. */
/** @import {ListedImage} from "../../../types/api.js" */

/**
 * Describe the evidence against the label, or return an empty text if there is none.
 * @param {Pick<ListedImage, "true_label" | "label_error">} item
 * @param {string[]} classNames
 */
export function describeLabelError({ true_label, label_error: found }, classNames) {
  if (!found || found.suggested_label === true_label) return "";
  const { neighbors, runs } = found;
  const [suggested, label] = [classNames[found.suggested_label], classNames[true_label]];
  const nearest = `Nearest training images: ${votesFor(neighbors)} labeled ${suggested}, ${neighbors.label} labeled ${label}.`;
  const others = `Other runs: ${votesFor(runs)} predict ${suggested}, ${runs.label} predict ${label}.`;
  return `Label suspect, possibly ${suggested} instead of ${label}. ${nearest}${runs.total ? ` ${others}` : ""}`;
}

/** @param {{suggested: number, total: number}} votes */
const votesFor = ({ suggested, total }) => `${suggested} of ${total}`;
