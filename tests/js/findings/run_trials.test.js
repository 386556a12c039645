import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, api } from "../../../static/js/core/api.js";
import { RunTrials } from "../../../static/js/findings/run_trials.js";
import { exampleTrials } from "../support/example_findings.js";

/** Return trials whose requests have these results, and the sent requests. @param {...any} results */
function trialsWith(...results) {
  /** @type {string[]} */
  const sent = [];
  for (const method of /** @type {const} */ (["get", "post", "delete"])) {
    api[method] = async (/** @type {string} */ path) => {
      sent.push(`${method} ${path}`);
      const result = results.shift();
      if (result instanceof Error) throw result;
      return result;
    };
  }
  const changes = { count: 0 };
  const onChange = () => {
    changes.count += 1;
  };
  return { trials: new RunTrials(7, onChange), sent, changes };
}

test("the trials are loaded once", async () => {
  const { trials, sent, changes } = trialsWith(exampleTrials());
  await Promise.all([trials.loadOnce(), trials.loadOnce()]);
  assert.deepEqual(sent, ["get /api/runs/7/trials"]);
  assert.equal(trials.value?.status, "finished");
  assert.equal(changes.count, 1);
  assert.equal(trials.hasJustFinished, false); // they were finished before
});

test("the end of trials in progress is reported once", async () => {
  const { trials, sent } = trialsWith(exampleTrials({ status: "waiting" }));
  await trials.start();
  assert.deepEqual(sent, ["post /api/runs/7/trials"]);
  assert.deepEqual([trials.isAsked, trials.inProgress], [true, true]);
  trials.receive(exampleTrials({ status: "running" }));
  assert.deepEqual([trials.inProgress, trials.hasJustFinished], [true, false]);
  trials.receive(exampleTrials());
  assert.deepEqual([trials.isAsked, trials.inProgress, trials.hasJustFinished], [false, false, true]);
  trials.receive(exampleTrials());
  assert.equal(trials.hasJustFinished, false);
});

test("a rejected start is reported, and can be repeated", async () => {
  const { trials } = trialsWith(new ApiError(409, "conflict", "The files have changed.", {}), exampleTrials());
  await trials.start();
  assert.deepEqual([trials.problem, trials.isAsked], ["The files have changed.", false]);
  await trials.load();
  assert.equal(trials.problem, "");
});

test("stopped trials are not in progress, and a deleted run has no problem of its own", async () => {
  const { trials, sent } = trialsWith(exampleTrials({ status: "stopped" }), new ApiError(404, "not_found", "No.", {}));
  await trials.stop();
  assert.deepEqual(sent, ["delete /api/runs/7/trials"]);
  assert.equal(trials.inProgress, false);
  await trials.load();
  assert.equal(trials.problem, "");
});
