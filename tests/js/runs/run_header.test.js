import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../../../static/js/core/format.js";
import { describeTimes } from "../../../static/js/runs/run_header.js";

const created_at = "2026-01-01T12:00:00+00:00";

test("a live run has no end", () => {
  assert.equal(describeTimes({ created_at, finished_at: null }), `Created ${moment(created_at)}`);
});

test("the date of the end is shown if it differs", () => {
  const later = "2026-01-03T12:00:00+00:00";
  assert.equal(
    describeTimes({ created_at, finished_at: later }),
    `Created ${moment(created_at)}, ended ${moment(later)}`,
  );
  const [, time] = moment("2026-01-01T12:05:00+00:00").split(/, (?=\d+:)/);
  assert.ok(describeTimes({ created_at, finished_at: "2026-01-01T12:05:00+00:00" }).endsWith(`ended ${time}`));
});
