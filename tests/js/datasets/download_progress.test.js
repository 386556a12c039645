import assert from "node:assert/strict";
import { test } from "node:test";
import { describeProgress, downloadedPercent } from "../../../static/js/datasets/download_progress.js";

test("the progress of a download never exceeds 100 %", () => {
  const progress = { dataset: "mnist", state: /** @type {const} */ ("fetching"), file: "a.gz", error: null };
  assert.equal(downloadedPercent({ ...progress, received_bytes: 50, total_bytes: 200 }), 25);
  assert.equal(downloadedPercent({ ...progress, received_bytes: 300, total_bytes: 200 }), 100);
  assert.equal(downloadedPercent({ ...progress, received_bytes: 0, total_bytes: 0 }), 0);
  assert.equal(describeProgress({ ...progress, received_bytes: 1500, total_bytes: 2e6 }), "2 kB of 2.0 MB, a.gz");
});
