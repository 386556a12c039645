import assert from "node:assert/strict";
import { test } from "node:test";
import { glossaryAddress, splitAtTerms } from "../../../static/js/diagnosis/glossary_links.js";

/** @param {string} text @param {string[]} terms */
const marked = (text, terms) =>
  splitAtTerms(text, terms)
    .map((part) => (part.term ? `[${part.text}|${part.term}]` : part.text))
    .join("");

test("an address contains the term in lower case", () => {
  assert.equal(glossaryAddress("Vanishing gradient"), "/glossary#vanishing-gradient");
  assert.equal(glossaryAddress("F1 (harmonic)"), "/glossary#f1-harmonic-");
});

test("a specific term takes precedence over the term that it contains", () => {
  assert.equal(
    marked("The vanishing gradient stays small.", ["Gradient", "Vanishing gradient"]),
    "The [vanishing gradient|Vanishing gradient] stays small.",
  );
});

test("each term is marked once, also in its plural and in the form of the text", () => {
  assert.equal(marked("Dead units and a dead unit", ["Dead unit"]), "[Dead units|Dead unit] and a dead unit");
});

test("parts of words and of compounds are not terms", () => {
  for (const text of ["weighty", "overweight", "half-weight", "weight-free"])
    assert.equal(marked(text, ["Weight"]), text);
  assert.equal(marked("R² (test)", ["R²"]), "[R²|R²] (test)");
});

test("a text has at most three links, to the most specific terms", () => {
  const terms = ["Cost", "Step", "Learning rate", "Unit", "Output layer"];
  assert.equal(
    marked("The cost of a step, the learning rate, a unit of the output layer.", terms),
    "The [cost|Cost] of a step, the [learning rate|Learning rate], a unit of the [output layer|Output layer].",
  );
  assert.deepEqual(splitAtTerms("", terms), []);
});
