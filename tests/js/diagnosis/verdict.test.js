import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictMark, verdictText } from "../../../static/js/diagnosis/verdict.js";

const HEALTHY = { status: "healthy", code: null, title: "Learns well", severity: null, known_by: null, epoch: 3 };

/** @param {object | null} diagnosis @returns {any} */
const run = (diagnosis) => ({ diagnosis });

/** @param {string} title @param {string} severity */
const ill = (title, severity) => run({ ...HEALTHY, status: "ill", code: "diverging", title, severity });

test("the words are those of the server, and a dash without any", () => {
  assert.equal(verdictText(run(HEALTHY)), "Learns well");
  assert.equal(verdictText(ill("Diverging", "critical")), "Diverging");
  assert.equal(verdictText(run(null)), "–");
});

test("the icon shows the severity", () => {
  assert.deepEqual(verdictMark(run(HEALTHY)), { icon: "✓", tone: "success" });
  assert.deepEqual(verdictMark(ill("Diverging", "critical")), { icon: "✗", tone: "danger" });
  assert.deepEqual(verdictMark(ill("Overfitting", "warning")), { icon: "⚠", tone: "warning" });
  assert.deepEqual(verdictMark(ill("Too short", "info")), { icon: "⚠", tone: "warning" });
  assert.equal(verdictMark(run(null)), null);
});
