/** Choice of the split whose metrics a comparison shows, and colors of the compared runs. */

export const SPLITS = /** @type {const} */ (["train", "validation", "test"]);

/**
 * @typedef {(typeof SPLITS)[number]} Split
 * @typedef {{name: string, splits: Partial<Record<Split, boolean | undefined>>}} ComparedRun
 *   splits: which splits of the run have metrics
 */

/** @type {Record<Split, string>} */
export const SPLIT_NAMES = { train: "Train", validation: "Validation", test: "Test" };
/** @type {Record<Split, string>} */
const EXAMPLES = { train: "training examples", validation: "validation examples", test: "test examples" };

/**
 * Return the splits for which at least one run has metrics, the requested one if it is among them, or the training
 * split, which every run has, and a note about runs without metrics.
 * @param {readonly ComparedRun[]} runs
 * @param {Split} requested
 * @returns {{offered: Split[], selected: Split, note: string}}
 */
export function chooseSplit(runs, requested) {
  const offered = SPLITS.filter((split) => split === "train" || runs.some(({ splits }) => splits[split]));
  if (!offered.includes(requested)) {
    const subject = runs.length === 1 ? "This run has" : "These runs have";
    const note = `${subject} no ${EXAMPLES[requested]}. The charts show the training examples.`;
    return { offered, selected: "train", note };
  }
  const without = runs.filter(({ splits }) => requested !== "train" && !splits[requested]).map(({ name }) => name);
  const note = `Runs without ${EXAMPLES[requested]} have no line: ${without.join(", ")}. Select Train to see all runs.`;
  return { offered, selected: requested, note: without.length ? note : "" };
}

/**
 * Return a color number from 1 for each run. A run keeps its color while it is compared.
 * @param {ReadonlyMap<number, number>} colors present color numbers by run id
 * @param {readonly number[]} ids
 */
export function assignColors(colors, ids) {
  const assigned = new Map([...colors].filter(([id]) => ids.includes(id)));
  for (const id of ids) {
    if (assigned.has(id)) continue;
    const taken = new Set(assigned.values());
    let free = 1;
    while (taken.has(free)) free += 1;
    assigned.set(id, free);
  }
  return assigned;
}
