import assert from "node:assert/strict";
import { test } from "node:test";
import { isLive, runSeconds, STATUS_ICONS } from "../../../static/js/realtime/run_status.js";
import { exampleRun } from "../support/example_run.js";

test("a run is live until it ends", () => {
  const statuses = /** @type {(keyof typeof STATUS_ICONS)[]} */ (Object.keys(STATUS_ICONS));
  assert.deepEqual(
    statuses.filter((status) => isLive({ status })),
    ["queued", "running", "paused"],
  );
});

test("the duration of a run ends with the run or now", () => {
  const started_at = "2026-01-01T00:00:00+00:00";
  assert.equal(runSeconds(exampleRun({ started_at: null })), null);
  assert.equal(runSeconds(exampleRun({ started_at, finished_at: "2026-01-01T00:01:00+00:00" })), 60);
  assert.equal(runSeconds(exampleRun({ started_at, finished_at: null }), Date.parse("2026-01-01T00:00:05Z")), 5);
  assert.equal(runSeconds(exampleRun({ started_at, finished_at: null }), Date.parse("2025-12-31T23:59:59Z")), 0);
});
