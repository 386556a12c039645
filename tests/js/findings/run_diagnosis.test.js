import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, api } from "../../../static/js/core/api.js";
import { RunDiagnosis } from "../../../static/js/findings/run_diagnosis.js";
import { exampleFinding } from "../support/example_findings.js";
import { exampleRun } from "../support/example_run.js";

const ILL = /** @type {const} */ ({ epoch: 3, status: "ill", findings: [exampleFinding()], observations: [] });
const HEALTHY = /** @type {const} */ ({ epoch: 9, status: "healthy", findings: [], observations: [exampleFinding()] });

/** @param {() => Promise<any>} respond */
function diagnosisWith(respond) {
  api.get = respond;
  return new RunDiagnosis(7, () => {});
}

test("an event replaces the findings, and the observations remain", async () => {
  const diagnosis = diagnosisWith(async () => HEALTHY);
  await diagnosis.load();
  diagnosis.receive({ run_id: 7, status: "ill", findings: [...ILL.findings] });
  assert.equal(diagnosis.value?.status, "ill");
  assert.equal(diagnosis.value?.observations.length, 1);
});

test("the response to an earlier request has no effect", async () => {
  /** @type {((value: object) => void)[]} */
  const respond = [];
  const diagnosis = diagnosisWith(() => new Promise((resolve) => respond.push(resolve)));
  const both = [diagnosis.load(), diagnosis.load()];
  respond[1](HEALTHY);
  respond[0](ILL);
  await Promise.all(both);
  assert.equal(diagnosis.value?.status, "healthy");
});

test("an error is reported, unless the page reports it", async () => {
  for (const [status, problem] of /** @type {const} */ ([
    [503, "Busy."],
    [404, ""],
    [0, ""],
  ])) {
    const diagnosis = diagnosisWith(async () => {
      throw new ApiError(status, "code", "Busy.", {});
    });
    await diagnosis.load();
    assert.equal(diagnosis.problem, problem);
  }
});

test("until the findings are loaded, the verdict of the run counts", () => {
  const diagnosis = diagnosisWith(async () => HEALTHY);
  const verdict = { status: "ill", code: null, title: "", severity: null, known_by: null, epoch: 3 };
  const run = exampleRun({ diagnosis: /** @type {any} */ (verdict) });
  assert.equal(diagnosis.isIll(run), true);
  assert.equal(diagnosis.isIll(exampleRun()), false);
  diagnosis.receive({ run_id: 7, status: "healthy", findings: [] });
  assert.equal(diagnosis.isIll(run), false);
});
