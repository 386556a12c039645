import assert from "node:assert/strict";
import { test } from "node:test";
import { isLive, runSeconds } from "../../../static/js/realtime/run_status.js";
import { exampleEpoch, exampleRun } from "../support/example_run.js";

test("a run is live until it ends", () => {
  for (const status of /** @type {const} */ (["queued", "running", "paused"])) assert.ok(isLive({ status }));
  const ended = /** @type {const} */ (["finished", "stopped", "diverged", "failed", "interrupted"]);
  for (const status of ended) assert.ok(!isLive({ status }));
});

test("the duration of an ended run is that of its epochs, and a live run lasts until now", () => {
  const started_at = "2026-01-01T00:00:00+00:00";
  const metrics = exampleEpoch({ elapsed_seconds: 0.25 });
  assert.equal(runSeconds(exampleRun({ started_at, finished_at: "2026-01-01T00:01:00+00:00", metrics })), 0.25);
  assert.equal(runSeconds(exampleRun({ started_at, status: "failed" })), null);
  const running = exampleRun({ started_at, status: "running", metrics });
  assert.equal(runSeconds(running, Date.parse("2026-01-01T00:00:05Z")), 5);
  assert.equal(runSeconds(running, Date.parse("2025-12-31T23:59:59Z")), 0);
  assert.equal(runSeconds(exampleRun({ started_at: null, status: "queued" })), null);
});
