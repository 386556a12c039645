/** Lines of the charts of an experiment, and its results in words. */

/** @import {LabCurves, LabRun} from "../../../types/api.js" */
/** @import {Series} from "../charts/line_chart_layout.js" */

import { DOTTED, SOLID } from "../charts/legend.js";
import { cost, percent } from "../core/format.js";

const NETWORKS = /** @type {const} */ ([
  ["right", "Right", "--correct"],
  ["wrong", "With the bug", "--incorrect"],
]);
const SPLITS = /** @type {const} */ ([
  ["train", "training", SOLID],
  ["test", "test", DOTTED],
]);

/**
 * Return the lines of a chart: both networks on training and test images, from the first epoch.
 * @param {LabRun} run
 * @param {"cost" | "accuracy"} kind
 * @returns {Series[]}
 */
export function chartLines(run, kind) {
  const lines = NETWORKS.flatMap(([network, name, color]) =>
    SPLITS.map(([split, title, dash]) => ({
      key: `${network}-${split}`,
      name: `${name}, ${title}`,
      endName: network === "right" ? `right, ${title}` : `bug, ${title}`,
      color,
      dash,
      x: run[network].epochs.slice(1),
      y: run[network][`${split}_${kind}`].slice(1),
    })),
  );
  return lines.map((line, position) => ({ ...line, number: position + 1 }));
}

/** Describe the results of both networks. @param {LabRun} run */
export function describeResults({ right, wrong }) {
  const start = [right, wrong].map(({ train_cost }) => cost(train_cost[0]));
  const before =
    start[0] === start[1]
      ? `Both networks start from the same cost, ${start[0]}.`
      : `Before the first step, the cost is ${start[0]} in the right network and ${start[1]} with the bug.`;
  return `${before} After ${right.epochs.at(-1)} epochs: right ${lastResults(right)}; with the bug ${lastResults(wrong)}.`;
}

/** Describe which check sees the bug. @param {LabRun} run */
export function describeChecks({ first_disagreement: found, tests }) {
  const failed = tests.filter(({ verdict }) => verdict === "failed").map(({ title }) => `“${title}”`);
  const kinds = found?.kind === "both" ? "weights and biases" : found?.kind;
  const check = found
    ? `The gradient check disagrees, first in layer ${found.layer} (${kinds}).`
    : "The gradient check agrees.";
  if (failed.length === 0) return found ? check : `${check} No small test fails either.`;
  return `${check} ${failed.length === 1 ? "This small test fails" : "These small tests fail"}: ${failed.join(", ")}`;
}

/** @param {LabCurves} curves */
function lastResults({ train_cost, test_accuracy }) {
  const value = train_cost.at(-1) ?? null;
  const text = value === null ? "a cost that is not finite" : `cost ${cost(value)}`;
  return `${text}, ${percent(test_accuracy.at(-1))} of the test images`;
}
