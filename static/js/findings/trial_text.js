/**
 * Texts and lines of trials: their status, their ranking in sentences, and their curves.
 *
 * @import {Trial, Trials} from "../../../types/api.js"
 * @import {Series} from "../charts/line_chart_layout.js"
 *
 * @typedef {{trial: Trial, number: number, name: string, endName: string}} NamedTrial
 */

import { DASHES } from "../charts/legend.js";
import { count, counted, percent } from "../core/format.js";

const COLORS = 8; // in tokens.css

/** @type {Record<NonNullable<Trials["score"]>, string>} */
const SCORES = {
  validation_accuracy: "Validation accuracy",
  held_out_accuracy: "Accuracy on held-out training examples",
  train_accuracy: "Training accuracy",
  train_r2: "R² of the training examples",
};

/** Return the name of the score that the trials compare. @param {Trials} trials */
export function scoreName({ score }) {
  return score ? SCORES[score] : "Accuracy";
}

/** Format a score: an accuracy as a percentage, and R² as a number. @param {Trials} trials @param {number | null} value */
export function scoreText({ score }, value) {
  if (score === "train_r2") return value === null ? "–" : `R² ${value.toFixed(2)}`;
  return percent(value, 0);
}

/** Return all trials with their names, the candidates first, in their order. @param {Trials} trials @returns {NamedTrial[]} */
export function namedTrials({ items, twin, control, reference }) {
  const candidates = items.map((trial, index) => ({ trial, name: trial.label, endName: String(index + 1) }));
  const others = [
    { trial: twin, name: "The unchanged run", endName: "unchanged" },
    { trial: control, name: "A random change", endName: "random" },
    { trial: reference, name: "A configuration that learns these data", endName: "usual" },
  ];
  return [...candidates, ...others].flatMap(({ trial, name, endName }, index) =>
    trial ? [{ trial, number: index + 1, name, endName }] : [],
  );
}

/**
 * Return the lines of the trials. Each has its own dash pattern or color, and a label at its end.
 * @param {Trials} trials
 * @param {"cost" | "accuracy"} metric
 * @returns {Series[]}
 */
export function trialLines(trials, metric) {
  return namedTrials(trials).map(({ trial, name, endName, number }) => {
    const y = metric === "cost" ? trial.costs : trial.accuracies;
    return {
      key: `trial-${trial.kind}-${number}`,
      name: trial.kind === "candidate" ? `${endName}. ${name}` : name,
      endName,
      color: trial.kind === "candidate" ? `--series-${((number - 1) % COLORS) + 1}` : "--ink-muted",
      number,
      dash: DASHES[trial.kind === "candidate" ? Math.floor((number - 1) / COLORS) : OTHER_DASHES[trial.kind]],
      x: y.map((_, index) => (index + 1) * trial.stride),
      y,
    };
  });
}

/** Index of the dash pattern of the other trials, which have one color. */
const OTHER_DASHES = { twin: 0, control: 2, reference: 1 };

/**
 * Describe the status of trials in a sentence.
 * @param {Trials | null} trials null before they are loaded
 */
export function statusText(trials) {
  switch (trials?.status) {
    case "waiting":
      return "The trials wait until no run trains.";
    case "running":
      return runningText(namedTrials(trials).length, trials.expected ?? 0);
    case "finished":
      return trials.items.length ? "The trials are finished." : "The trials found no change to try.";
    case "failed":
      return `The trials failed. ${trials.error ?? ""}`.trim();
    case "stopped":
      return "The trials were stopped.";
    default:
      return "";
  }
}

/** Describe the progress of the trials. The expected number is not exact: results can lead to more trials. @param {number} started @param {number} expected */
function runningText(started, expected) {
  if (started === 0) return "The trials are starting.";
  if (started > expected) return `Trial ${count(started)} is running, which combines or refines the earlier ones.`;
  return `Trial ${count(started)} of about ${count(expected)} is running.`;
}

/** Return the number of epochs of a trial. @param {Trial} trial */
function epochsOf({ accuracies, stride }) {
  return accuracies.length * stride;
}

/**
 * Describe the best candidate beside the random change: "Scaling the pixels: 10% → 91% after 2 epochs. A random change:
 * 10%." The text is empty before the first candidate.
 * @param {Trials} trials
 */
export function rankingText(trials) {
  const { items, twin, control } = trials;
  const [best] = items;
  if (!best) return "";
  const score = (/** @type {Trial | null} */ trial) => scoreText(trials, trial?.validation_accuracy ?? null);
  const epochs = counted(epochsOf(best), "epoch");
  const change = `${best.label}: ${score(twin)} → ${score(best)} after ${epochs}.`;
  return control ? `${change} ${controlName(control)}: ${score(control)}.` : change;
}

/** Return the name of the random change, with what it changes. @param {Trial} control */
function controlName({ label }) {
  return label ? `A random change (${label.charAt(0).toLowerCase()}${label.slice(1)})` : "A random change";
}

/**
 * Describe how much of the gap between the unchanged run and a good configuration a trial closes.
 * @param {Trial} trial
 */
export function gapText({ gap_closed: gap }) {
  return gap === null ? "–" : `${count(Math.round(100 * gap) || 0).replace("-", "−")}%`; // not "-0"
}
