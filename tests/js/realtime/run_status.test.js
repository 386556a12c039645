import assert from "node:assert/strict";
import { test } from "node:test";
import { isLive, runSeconds } from "../../../static/js/realtime/run_status.js";
import { exampleRun } from "../support/example_run.js";

test("a run is live until it ends", () => {
  for (const status of /** @type {const} */ (["queued", "running", "paused"])) assert.ok(isLive({ status }));
  const ended = /** @type {const} */ (["finished", "stopped", "diverged", "failed", "interrupted"]);
  for (const status of ended) assert.ok(!isLive({ status }));
});

test("the duration of a run is the server's, and grows until the run ends", () => {
  const started_at = "2026-01-01T00:00:00+00:00";
  assert.equal(runSeconds(exampleRun({ started_at: null, status: "queued", duration: null })), null);
  assert.equal(runSeconds(exampleRun({ status: "failed", duration: null })), null);
  const ended = exampleRun({ started_at, finished_at: "2026-01-01T00:01:00+00:00", duration: 60 });
  for (const now of [1000, 6000]) assert.equal(runSeconds(ended, now), 60);
  const running = exampleRun({ started_at, status: "running", duration: 5 });
  assert.equal(runSeconds(running, 1000), 5);
  assert.equal(runSeconds(running, 3500), 7.5);
  assert.equal(runSeconds({ ...running, duration: 9 }, 4000), 9);
});
