import assert from "node:assert/strict";
import { test } from "node:test";
import { addGuess, bugPoints, isLayerRight, NO_SCORE, readStored } from "../../../static/js/lab/score.js";
import { exampleBug, wholeBug } from "./examples.js";

const RIGHT = { isBugRight: true, isLayerRight: true, isCounted: true, clues: 1 };

test("each clue costs a point, and the bug always gives one", () => {
  assert.deepEqual([0, 1, 2, 3].map(bugPoints), [4, 3, 2, 1]);
});

test("the bug and its layer give points", () => {
  const score = addGuess(NO_SCORE, RIGHT);
  assert.deepEqual(score, { guesses: 1, bugs: 1, layers: 1, points: 4 });
  assert.deepEqual(addGuess(score, { ...RIGHT, isLayerRight: false, clues: 3 }), {
    guesses: 2,
    bugs: 2,
    layers: 1,
    points: 5,
  });
});

test("a wrong bug gives nothing, and a second guess does not count", () => {
  assert.deepEqual(addGuess(NO_SCORE, { ...RIGHT, isBugRight: false }), { guesses: 1, bugs: 0, layers: 0, points: 0 });
  assert.equal(addGuess(NO_SCORE, { ...RIGHT, isCounted: false }), NO_SCORE);
});

test("no layer is right for a bug of the whole network only", () => {
  const guess = { correct: true, layer_correct: null, counted: true, bugs: [], explanation: "" };
  assert.equal(isLayerRight(guess, null, wholeBug), true);
  assert.equal(isLayerRight(guess, 1, wholeBug), false);
  assert.equal(isLayerRight(guess, null, exampleBug()), false);
  assert.equal(isLayerRight({ ...guess, layer_correct: true }, 2, exampleBug()), true);
  assert.equal(isLayerRight({ ...guess, correct: false }, null, wholeBug), false);
});

test("the stored state is restored, and an invalid one is replaced", () => {
  const score = { guesses: 3, bugs: 2, layers: 1, points: 7 };
  const stored = JSON.stringify({ score, run: "abc", clues: ["tests", "telemetry", "other"] });
  assert.deepEqual(readStored(stored), { score, run: "abc", clues: ["telemetry", "tests"] });
  const empty = { score: NO_SCORE, run: "", clues: [] };
  for (const text of [null, "", "{", "3", "null", "{}"]) assert.deepEqual(readStored(text), empty);
  assert.deepEqual(readStored(JSON.stringify({ score: { ...score, points: -1 }, run: 5, clues: [] })), empty);
});
