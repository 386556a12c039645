import assert from "node:assert/strict";
import { test } from "node:test";
import { FormState } from "../../../static/js/hyperparameters/form_state.js";
import { fieldInfo } from "../support/examples.js";

const schema = {
  groups: [{ name: "training", title: "Training" }],
  fields: [
    fieldInfo({ name: "optimizer", type: "choice", default: "adam", choices: ["adam", "sgd"] }),
    fieldInfo({ name: "momentum", default: 0, maximum: 1, applies_when: { optimizer: ["sgd"] } }),
    fieldInfo({ name: "threshold", default: 10, advanced: true }),
  ],
};

/** @param {FormState} state @param {string} name @param {string} text */
function type(state, name, text) {
  const field = state.fields.get(name);
  assert.ok(field);
  field.text = text;
}

test("the differences contain only fields that apply", () => {
  const state = new FormState(schema);
  type(state, "momentum", "0.9");
  assert.deepEqual(state.differences, {});
  type(state, "optimizer", "sgd");
  assert.deepEqual(state.differences, { optimizer: "sgd", momentum: 0.9 });
});

test("invalid text remains, and its field has an error", () => {
  const state = new FormState(schema);
  state.setValues({ optimizer: "sgd" });
  type(state, "momentum", "2");
  type(state, "threshold", "many");
  const expected = { momentum: "is too large: it must be at most 1", threshold: "must be a number" };
  assert.deepEqual(state.validate(), expected);
  assert.equal(state.fields.get("threshold")?.text, "many");
  assert.ok(state.openGroups.has("training"));
});

test("an accepted value is shown as the program writes it", () => {
  const state = new FormState(schema);
  type(state, "threshold", "0,003");
  assert.deepEqual(state.validate(), {});
  assert.equal(state.fields.get("threshold")?.text, "0.003");
  type(state, "threshold", "1.000");
  assert.deepEqual(Object.keys(state.validate()), ["threshold"]);
  assert.equal(state.fields.get("threshold")?.text, "1.000");
});

test("an error that remains does not open its group again", () => {
  const state = new FormState(schema);
  const messages = { threshold: "must be a number" };
  state.setErrors(messages);
  state.setOpen("training", false);
  state.setErrors(messages, { onlyNew: true });
  assert.ok(!state.openGroups.has("training"));
});

test("a field that does not apply has no error", () => {
  const state = new FormState(schema);
  type(state, "momentum", "2");
  assert.deepEqual(state.validate(), {});
});

test("a preset sets all fields, and values are compared with it", () => {
  const state = new FormState(schema);
  state.setErrors({ threshold: "must be a number" });
  state.setBaseline({ optimizer: "sgd", momentum: 0.5 });
  assert.deepEqual(state.values, { optimizer: "sgd", momentum: 0.5, threshold: 10 });
  assert.equal(state.fields.get("threshold")?.error, "");
  assert.deepEqual(state.changed, []);
  state.setValues({ momentum: 0.9, unknown: 1 });
  assert.deepEqual(state.differences, { momentum: 0.9 });
  state.fields.get("momentum")?.reset();
  assert.deepEqual(state.differences, {});
});

test("a changed advanced field is visible until a person closes its group", () => {
  const state = new FormState(schema);
  state.setValues({ threshold: 20 });
  assert.ok(state.openGroups.has("training"));
  state.setOpen("training", false);
  assert.ok(!state.openGroups.has("training"));
});
