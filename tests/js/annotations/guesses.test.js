import assert from "node:assert/strict";
import { test } from "node:test";
import { Guesses } from "../../../static/js/annotations/guesses.js";
import { serve } from "./server.js";

const SCORE = { guesses: 3, person_right: 2, network_right: 1 };

test("the score is loaded once", async () => {
  const requests = serve(() => ({ score: SCORE }));
  const guesses = new Guesses(5);
  await guesses.loadScore();
  await guesses.loadScore();
  assert.deepEqual(guesses.score, SCORE);
  assert.deepEqual(
    requests.map(({ method, path }) => [method, path]),
    [["GET", "/api/runs/5/guesses"]],
  );
});

test("a guess names the epoch of the prediction, and its response updates the score", async () => {
  const requests = serve(({ body }) => ({ ...body, true_label: 4, predicted_label: 9, counted: true, score: SCORE }));
  const guesses = new Guesses(5);
  await guesses.send(7, 4, 2);
  await guesses.send(8, 4, null);
  assert.deepEqual(
    requests.map(({ body }) => body),
    [
      { index: 7, label: 4, epoch: 2 },
      { index: 8, label: 4 },
    ],
  );
  assert.deepEqual(guesses.score, SCORE);
  assert.equal(guesses.responses.get(7)?.predicted_label, 9);
});

test("a rejected guess changes neither score nor responses", async () => {
  serve(() => new Error("epoch must be a whole number from 1 to 3"));
  const guesses = new Guesses(5);
  await assert.rejects(guesses.send(7, 4, 99), /epoch must be/);
  assert.deepEqual([guesses.score, guesses.responses.size], [null, 0]);
});

test("a reset returns the images whose predictions are hidden again", async () => {
  serve(({ method, body }) => (method === "DELETE" ? null : { ...body, score: SCORE }));
  const guesses = new Guesses(5);
  await guesses.send(7, 4, null);
  assert.deepEqual(await guesses.reset(), [7]);
  assert.deepEqual([guesses.score?.guesses, guesses.responses.size], [0, 0]);
});
