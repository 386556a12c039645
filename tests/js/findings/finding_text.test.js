import assert from "node:assert/strict";
import { test } from "node:test";
import {
  announcementOf,
  capitalized,
  certaintyMeaning,
  certaintyText,
  changesOf,
  changesText,
  evidenceNumber,
  severityOf,
} from "../../../static/js/findings/finding_text.js";
import { exampleFinding } from "../support/example_findings.js";
import { fieldInfo } from "../support/examples.js";

const FIELDS = [
  fieldInfo({ name: "activation", label: "Activation" }),
  fieldInfo({ name: "initializer", label: "Initial weights" }),
  fieldInfo({ name: "hidden_sizes", label: "Hidden layers" }),
  fieldInfo({ name: "images_per_class", label: "Images per class", choice_names: { 0: "all images" } }),
];

test("each severity has its own icon, word and color", () => {
  const all = /** @type {const} */ (["critical", "warning", "info"]).map(severityOf);
  assert.deepEqual(
    all.map(({ icon, word }) => `${icon} ${word}`),
    ["✗ Critical", "⚠ Warning", "i Note"],
  );
  assert.equal(new Set(all.map(({ tone }) => tone)).size, 3);
});

test("the certainty names its source, and a fraction only for observations", () => {
  assert.equal(certaintyText({ known_by: "trial", confidence: 0.97 }), "Shown by trial");
  assert.equal(certaintyText({ known_by: "exact", confidence: 1 }), "Exact");
  assert.equal(certaintyText({ known_by: "observed", confidence: 0.8 }), "Observed, 80% sure");
  const meanings = /** @type {const} */ (["trial", "exact", "observed"]).map((known_by) =>
    certaintyMeaning({ known_by }),
  );
  assert.equal(new Set(meanings).size, 3);
});

test("numbers have their threshold, and accuracies are percentages", () => {
  assert.equal(
    evidenceNumber({ name: "learning rate × curvature", value: 8.138, threshold: 2 }),
    "8.138 (threshold 2)",
  );
  assert.equal(evidenceNumber({ name: "validation accuracy", value: 0.0993 }), "9.9%");
  assert.equal(
    evidenceNumber({ name: "fraction of dead units", value: 1, threshold: 0.5 }),
    "100.0% (threshold 50.0%)",
  );
  assert.equal(evidenceNumber({ name: "cost", value: null, threshold: null }), "not finite");
});

test("changes have the labels and the names of the form", () => {
  const run = { activation: "sigmoid", initializer: "glorot", hidden_sizes: [32, 32], images_per_class: 0 };
  const changes = { initializer: "he", activation: "relu" };
  assert.equal(
    changesText(changesOf(changes, run, FIELDS)),
    "Activation: Sigmoid → ReLU; Initial weights: Glorot → He",
  );
  assert.equal(changesText(changesOf({ hidden_sizes: [128] }, run, FIELDS)), "Hidden layers: 32, 32 → 128");
  assert.equal(changesText(changesOf({ images_per_class: 100 }, run, FIELDS)), "Images per class: all images → 100");
  assert.deepEqual(changesOf({ activation: "sigmoid", unknown: 1 }, run, FIELDS), []);
});

test("a diagnosis is announced by its first finding, or as good", () => {
  const finding = exampleFinding({ name: "Dead units" });
  const found = { epoch: 3, observations: [] };
  assert.equal(announcementOf({ ...found, status: "ill", findings: [finding] }), "Diagnosis: Dead units.");
  assert.equal(announcementOf({ ...found, status: "healthy", findings: [] }), "Diagnosis: learns well.");
  assert.equal(announcementOf({ ...found, status: "unknown", findings: [] }), "");
  assert.equal(announcementOf(null), "");
});

test("names of numbers begin with a capital letter", () => {
  assert.equal(capitalized("factor per layer"), "Factor per layer");
  assert.equal(capitalized(""), "");
});
