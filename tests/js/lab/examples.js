/** Bugs and experiments of the lab, which tests change as needed. */

/** @import {LabBug, LabCurves, LabLayerCheck, LabLayerTelemetry, LabRun, LabTest} from "../../../types/api.js" */

/** @param {Partial<LabBug>} [members] @returns {LabBug} */
export const exampleBug = (members = {}) => ({
  id: "B09",
  title: "Sum over the batch instead of the mean",
  place: "hidden layer",
  right: { formula: "∇W = (1/N) aᵀ δ", numpy: "dW = a.T @ delta / N" },
  wrong: { formula: "∇W = aᵀ δ", numpy: "dW = a.T @ delta" },
  symptom: "Training diverges.",
  source: "stackoverflow.com/q/67482379",
  visible: true,
  kind: "both",
  layers: [1, 2, 3],
  needs: null,
  order: 1,
  hyperparameters: {},
  ...members,
});

/** A bug of the whole network. */
export const wholeBug = exampleBug({
  id: "B01",
  title: "Step up the gradient",
  place: "update",
  visible: false,
  kind: null,
  layers: [],
});

/** @param {Partial<LabLayerCheck>} members @returns {LabLayerCheck} */
export const exampleCheck = (members) => ({
  layer: 1,
  kind: "weights",
  relative_error: members.agrees === false ? 0.9 : 1e-9,
  agrees: true,
  n_compared: 100,
  ratio: "none",
  ratio_value: 1,
  ratio_text: "The gradient agrees with the finite differences.",
  ...members,
});

/** @param {Partial<LabCurves>} [members] @returns {LabCurves} */
export const exampleCurves = (members = {}) => ({
  epochs: [0, 1, 2],
  train_cost: [2.3, 1, 0.5],
  test_cost: [2.3, 1.1, 0.6],
  train_accuracy: [0.1, 0.8, 0.9],
  test_accuracy: [0.1, 0.7, 0.85],
  ...members,
});

/** @param {Partial<LabLayerTelemetry>} [members] @returns {LabLayerTelemetry} */
export const exampleTelemetry = (members = {}) => ({
  layer: 1,
  gradient_norm: [null, 0.5, 0.25],
  update_ratio: [null, 0.01, 0.01],
  saturated_fraction: [0, 0, 0.36],
  dead_fraction: [null, null, null],
  ...members,
});

/** @param {Partial<LabTest>} members @returns {LabTest} */
export const exampleTest = (members) => ({
  name: "step",
  title: "Does a small step lower the cost?",
  explanation: "The cost must fall.",
  measured: [{ name: "fall", value: 1 }],
  verdict: "passed",
  bugs: ["B01"],
  ...members,
});

/** @param {Partial<LabRun>} [members] @returns {LabRun} */
export const exampleExperiment = (members = {}) => ({
  id: "abc",
  hidden: false,
  guessed: false,
  bugs: [{ bug: "B09", layer: null }],
  hyperparameters: {},
  right: exampleCurves(),
  wrong: exampleCurves({ train_cost: [2.3, 30, null], test_accuracy: [0.1, 0.1, 0.1] }),
  telemetry: { right: [exampleTelemetry()], wrong: [exampleTelemetry({ gradient_norm: [null, 70, 55] })] },
  gradient_check: [],
  first_disagreement: null,
  match: [],
  tests: [],
  ...members,
});
