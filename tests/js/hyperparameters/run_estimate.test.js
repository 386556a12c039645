import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEstimate, networkHint, reasonsToAsk } from "../../../static/js/hyperparameters/run_estimate.js";

const usual = { parameter_count: 50890, bytes: 219e6, available_bytes: 8e9, seconds_per_epoch: 0.3 };
const huge = { parameter_count: 107950010, bytes: 5.92e9, available_bytes: 8e9, seconds_per_epoch: 712 };

test("memory and time are shown roughly", () => {
  assert.equal(describeEstimate(usual), "About 219 MB of memory and under 1 s per epoch");
  assert.equal(describeEstimate(huge), "About 5.9 GB of memory and 12 min per epoch");
});

test("a question is asked only for much memory or minutes per epoch", () => {
  assert.deepEqual(reasonsToAsk(usual, 30), []);
  assert.deepEqual(reasonsToAsk(huge, 30), [
    "The run needs about 5.9 GB of memory; 8.0 GB are free.",
    "An epoch takes about 12 min on this machine, and all 30 epochs about 6 h.",
  ]);
  assert.match(reasonsToAsk(huge, 3000)[1], /all 3,000 epochs/);
  assert.equal(reasonsToAsk({ ...huge, bytes: 1e9 }, 1)[0], "An epoch takes about 12 min on this machine.");
});

test("an estimate follows the network only while the values are valid", () => {
  assert.equal(networkHint("64 → 10", null, true), "64 → 10");
  assert.equal(networkHint("64 → 10", { fields: { epochs: "is invalid" }, estimate: null }, false), "64 → 10");
  assert.equal(networkHint("", { fields: {}, estimate: usual }, false), "");
  assert.notEqual(networkHint("64 → 10", null, false), "64 → 10"); // a template with "Estimating memory and time…"
});
