import assert from "node:assert/strict";
import { test } from "node:test";
import { describeWait } from "../../../static/js/realtime/queue.js";

/** @param {number} id @param {string | null} [problem] */
const run = (id, problem = null) => ({ id, name: `Name ${id}`, problem });
const NEW = { id: 9, started_at: null };

test("a queued run names the runs that occupy the workers", () => {
  assert.equal(
    describeWait(NEW, { workers: 1, running: [run(3)], waiting: [run(9)] }),
    "Waiting for the only worker: run 3 (Name 3) is training. Training starts as soon as a worker is free. " +
      "Pause or stop a run to free its worker.",
  );
  const two = { workers: 2, running: [run(3), run(4)], waiting: [run(7), run(8), run(9)] };
  const text = describeWait({ ...NEW, started_at: "2026-11-01T00:00:00+00:00" }, two) ?? "";
  assert.match(text, /2 runs are training: run 3 \(Name 3\), run 4 \(Name 4\)\. 2 runs wait before it\./);
  assert.match(text, /^Waiting for one of 2 workers: .*Training continues as soon as a worker is free/);
});

test("a run that has a worker names what it still waits for", () => {
  const full = { workers: 1, running: [run(9, "The disk is full.")], waiting: [] };
  assert.equal(describeWait(NEW, full), "The disk is full.");
  assert.equal(describeWait(NEW, { ...full, running: [run(9)] }), "Training is about to start.");
});

test("a run before which no other trains has no reason to wait", () => {
  assert.equal(describeWait(NEW, { workers: 1, running: [], waiting: [run(9)] }), undefined);
});

test("the number of a run is written as elsewhere", () => {
  assert.match(describeWait(NEW, { workers: 1, running: [run(1234)], waiting: [] }) ?? "", /: run 1234 \(Name 1234\)/);
});
