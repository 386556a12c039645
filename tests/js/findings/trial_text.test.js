import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gapText,
  namedTrials,
  rankingText,
  scoreName,
  scoreText,
  statusText,
  trialLines,
} from "../../../static/js/findings/trial_text.js";
import { exampleTrial, exampleTrials } from "../support/example_findings.js";

test("the ranking compares the best change with the unchanged run and the random change", () => {
  const trials = exampleTrials();
  const best = "Scale the pixels to 0…1: 10% → 91% after 2 epochs.";
  assert.equal(rankingText(trials), `${best} A random change (biases: off): 10%.`);
  assert.equal(rankingText({ ...trials, control: null }), best);
  assert.equal(rankingText({ ...trials, items: [] }), "");
});

test("the number of epochs counts those between two points", () => {
  const items = [exampleTrial({ stride: 10, accuracies: [0.5, 0.91] })];
  assert.match(rankingText(exampleTrials({ items })), /after 20 epochs/);
});

test("a regression is scored by R²", () => {
  const trials = exampleTrials({ score: "train_r2" });
  assert.equal(scoreName(trials), "R² of the training examples");
  assert.equal(scoreText(trials, 0.5), "R² 0.50");
  assert.equal(scoreText(trials, null), "–");
  assert.equal(scoreName(exampleTrials({ score: null })), "Accuracy");
});

test("the candidates have numbers, and the other trials have names", () => {
  const items = [exampleTrial(), exampleTrial({ label: "Lower the learning rate to 0.1" })];
  assert.deepEqual(
    namedTrials(exampleTrials({ items })).map(({ endName, number }) => `${number} ${endName}`),
    ["1 1", "2 2", "3 unchanged", "4 random", "5 usual"],
  );
  assert.deepEqual(namedTrials(exampleTrials({ items: [], twin: null, control: null, reference: null })), []);
});

test("no two lines look the same, and each has a label", () => {
  const items = Array.from({ length: 12 }, (_, index) => exampleTrial({ label: `Change ${index}` }));
  const lines = trialLines(exampleTrials({ items }), "accuracy");
  assert.equal(lines.length, 15);
  for (const property of /** @type {const} */ (["key", "endName", "name"])) {
    assert.equal(new Set(lines.map((line) => line[property])).size, 15, property);
  }
  assert.equal(new Set(lines.map(({ color, dash }) => `${color} ${dash}`)).size, 15);
});

test("the positions of a line are epochs", () => {
  const [line] = trialLines(exampleTrials({ items: [exampleTrial({ stride: 5, costs: [2, 1, null] })] }), "cost");
  assert.deepEqual(
    [line.x, line.y],
    [
      [5, 10, 15],
      [2, 1, null],
    ],
  );
  assert.equal(line.name, "1. Scale the pixels to 0…1");
});

test("each status has a sentence", () => {
  const text = (/** @type {Partial<import("../../../types/api.js").Trials>} */ changes) =>
    statusText(exampleTrials(changes));
  assert.equal(text({ status: "waiting" }), "The trials wait until no run trains.");
  assert.equal(text({ status: "running", expected: 11 }), "Trial 4 of about 11 is running.");
  assert.equal(text({ status: "running", expected: 4 }), "Trial 4 of about 4 is running.");
  assert.equal(
    text({ status: "running", expected: 3 }),
    "Trial 4 is running, which combines or refines the earlier ones.",
  );
  const none = { items: [], twin: null, control: null, reference: null };
  assert.equal(text({ status: "running", ...none }), "The trials are starting.");
  assert.equal(text({ status: "finished" }), "The trials are finished.");
  assert.equal(text({ status: "finished", items: [] }), "The trials found no change to try.");
  assert.equal(text({ status: "failed", error: "The disk is full." }), "The trials failed. The disk is full.");
  assert.equal(text({ status: "failed" }), "The trials failed.");
  assert.equal(text({ status: "stopped" }), "The trials were stopped.");
  assert.equal(text({ status: "none" }), "");
  assert.equal(statusText(null), "");
});

test("the closed gap is a percentage, never minus zero", () => {
  assert.equal(gapText(exampleTrial()), "97%");
  assert.equal(gapText(exampleTrial({ gap_closed: -0.004 })), "0%");
  assert.equal(gapText(exampleTrial({ gap_closed: -0.2 })), "−20%");
  assert.equal(gapText(exampleTrial({ gap_closed: null })), "–");
});
